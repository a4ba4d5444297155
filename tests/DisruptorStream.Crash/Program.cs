using System.Globalization;
using DisruptorStream.Crash.Kills;
using DisruptorStream.Crash.Power;
using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Sinks;
using DisruptorStream.Crash.Sources;
using DisruptorStream.Crash.Syscalls;
using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;

const string Usage = """
    Ends processes with a durable processor in many ways, and checks what the next ones make of it; ends with
    "N passed, N failed".

      kill --times N [--seed S]   kills processes at random moments, in N rounds from seed S (0) on
           [--sink KIND]          whose results go to a durable sink: file, sqlite, postgresql or parquet; its target
                                  must be that of a run that was not killed. For a server DISRUPTORSTREAM_POSTGRESQL
                                  has the connection string
           [--source file]        which reads a file that grows and is rotated by itself
      syscalls [--most N]         spoils each call of the system of a short run, or N of them: the process is killed
                                  there, or the call fails with EIO or ENOSPC; needs strace
      power --times N [--seed S]  cuts the power of the disk at N random moments of a run, and loses any part of what
                                  was not flushed; needs root, /dev/fuse, loop devices and nbdfuse, or is skipped

    Exit code 0: all passed. 1: some failed. 2: the arguments cannot be read.
    """;

if (args is ["work", var workSeed, var workDirectory])
    return await WorkCommand.RunAsync(new Workload(Number(workSeed)), workDirectory);

if (args is ["work", var sinkSeed, var sinkDirectory, "--sink", var sinkKind])
{
    return await WorkCommand.RunAsync(
        Workload.ForSink(Number(sinkSeed)), sinkDirectory, SinkTarget.Of(sinkKind, sinkDirectory));
}

if (args is ["work", var sourceSeed, var sourceDirectory, "--source", SourceRound.File])
    return await SourceCommand.RunAsync(SourceWorkload.Of(Number(sourceSeed)), sourceDirectory);

if (args is ["hand", var handMode, var handDirectory])
    return HandCommand.Run(new HandRun(Enum.Parse<DurabilityMode>(handMode)), handDirectory, new PipeLines());

if (args is ["hand", var powerMode, var powerDirectory, HandCommand.Confirmed])
{
    var lines = new ConfirmedLines(new PipeLines());
    return HandCommand.Run(new HandRun(Enum.Parse<DurabilityMode>(powerMode)), powerDirectory, lines);
}

Tally tally;
try
{
    tally = args switch
    {
        ["kill", .. var options] =>
            await KillCommand.RunAsync(
                Option(options, "--times", 20),
                Option(options, "--seed", 0),
                Text(options, "--sink"),
                Text(options, "--source")),
        ["syscalls", .. var options] => SyscallCommand.Run(Option(options, "--most", int.MaxValue)),
        ["power", .. var options] => PowerCommand.Run(Option(options, "--times", 20), Option(options, "--seed", 0)),
        _ => throw new FormatException("Say what to do."),
    };
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tally.Passed} passed, {tally.Failed} failed"));
return tally.Failed == 0 ? 0 : 1;

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

static int Option(string[] options, string name, int usual) =>
    Text(options, name) is { } text ? Number(text) : usual;

static string? Text(string[] options, string name)
{
    for (var at = 0; at < options.Length; at += 2)
    {
        if (options[at] == name && at + 1 < options.Length)
            return options[at + 1];
    }

    return null;
}
