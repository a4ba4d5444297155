using System.Globalization;
using DisruptorStream;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;

const string Usage = """
    Runs conformance vectors through the engine.

      [--mode inline|fused|staged] [--shards N] FILE…   compares; ends with "N passed, N failed"
      --emit [--mode …] [--shards N] FILE…              prints what the engine did, a line of JSON for each vector

    Exit code 0: all passed. 1: some failed. 2: the arguments or a file cannot be read.
    """;

var files = new List<string>();
var isEmitting = false;
var settings = RunSettings.Inline;
try
{
    for (var i = 0; i < args.Length; i++)
    {
        switch (args[i])
        {
            case "--emit":
                isEmitting = true;
                break;
            case "--mode":
                settings = settings with { Mode = Enum.Parse<ExecutionMode>(args[++i], ignoreCase: true) };
                break;
            case "--shards":
                settings = settings with { ShardCount = int.Parse(args[++i], CultureInfo.InvariantCulture) };
                break;
            default:
                files.Add(args[i]);
                break;
        }
    }

    if (files.Count == 0)
        throw new ArgumentException("No file of vectors is given.");

    var (passed, failed) = (0, 0);
    foreach (var vector in files.SelectMany(Vector.ReadFile))
    {
        if (isEmitting)
        {
            Console.WriteLine(await VectorEmit.RunAsync(vector, settings));
            continue;
        }

        if (await VectorCheck.RunAsync(vector, settings) is not { } difference)
        {
            passed++;
            continue;
        }

        failed++;
        Console.WriteLine($"FAILED {vector.Id} ({settings})");
        Console.WriteLine(difference.TrimEnd());
    }

    if (!isEmitting)
        Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}
catch (Exception exception) when (
    exception is ArgumentException or IOException or FormatException or IndexOutOfRangeException)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}
