using System.Diagnostics;
using System.Text.Json;
using DisruptorStream.LoadTests.Commands;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>A load in a process of its own, whose limits hold before it starts.</summary>
internal static class LoadChild
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="mode">On which threads the stages run.</param>
    /// <param name="processors">How many stream processors there are.</param>
    /// <param name="group">The control group that it runs in, if not that of this process.</param>
    /// <param name="onOneProcessor">Whether it may run on one of the machine's processors alone.</param>
    public static LoadOutcome Run(
        ExecutionMode mode, int processors, QuotaGroup? group = null, bool onOneProcessor = false)
    {
        List<string> command = [.. ChildProcess.CommandOf(AppContext.BaseDirectory)];
        command.AddRange([LoadCommand.Name, mode.ToString(), $"{processors}"]);

        // The shell enters the group and becomes the tool.
        if (group is not null)
            command.InsertRange(0, ["/bin/sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", group.Path]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var pinned = onOneProcessor ? new ThreadAffinity(processor: 0) : null;
        using var child = Process.Start(start)!;
        pinned?.Dispose();
        var (exitCode, output, errors) = ChildProcess.Finish(child, Patience);
        if (exitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', command)}' did not do its work: {errors}");
        return JsonSerializer.Deserialize<LoadOutcome>(output)!;
    }
}
