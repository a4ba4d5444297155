using System.Globalization;
using DisruptorStream.Simulation.Rounds;
using DisruptorStream.Simulation.Sinks;

const string Usage = """
    Runs the engine's durable parts on a simulated disk, one round for each seed; ends with "N passed, N failed".

      --seeds N      how many seeds, 1 or more
      --first SEED   the first of them; 0 where it is not given

    Exit code 0: all passed. 1: some failed. 2: the arguments cannot be read.
    """;

var seeds = 0;
var first = 0;
try
{
    for (var i = 0; i < args.Length; i += 2)
    {
        var value = i + 1 < args.Length ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : -1;
        switch (args[i])
        {
            case "--seeds":
                seeds = value;
                break;
            case "--first":
                first = value;
                break;
            default:
                throw new FormatException($"'{args[i]}' is no option.");
        }
    }

    if (seeds < 1 || first < 0)
        throw new FormatException("--seeds takes a number from 1 on, --first one from 0 on.");
}
catch (Exception error) when (error is FormatException or OverflowException)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}

// Rounds share nothing, so each is the same whatever runs beside it.
var failed = 0;
var next = first - 1;
var threads = new Thread[Environment.ProcessorCount];
for (var thread = 0; thread < threads.Length; thread++)
{
    threads[thread] = new Thread(RunSome);
    threads[thread].Start();
}

foreach (var thread in threads)
    thread.Join();

// A sink that keeps its contract is in each round; one that breaks a clause must be found.
var faults = Enum.GetValues<SinkFault>().Where(fault => fault != SinkFault.None).ToList();
foreach (var fault in faults)
{
    try
    {
        Console.WriteLine($"A sink with the fault {fault} is found, {SinkRound.Find(fault, first)}");
    }
    catch (RoundException error)
    {
        failed++;
        Console.WriteLine(error.Message);
    }
}

var passed = seeds + faults.Count - failed;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
return failed == 0 ? 0 : 1;

void RunSome()
{
    for (int seed; (seed = Interlocked.Increment(ref next)) < first + seeds;)
    {
        try
        {
            DiskRound.Run(seed);
            SnapshotRound.Run(seed);
            ProcessorRound.Run(seed);
            SourceRound.Run(seed);
        }
        catch (Exception error)
        {
            Interlocked.Increment(ref failed);
            Console.WriteLine($"Seed {seed}: {error}");
        }
    }
}
