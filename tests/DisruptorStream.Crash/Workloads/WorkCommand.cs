using DisruptorStream.Crash.Sinks;
using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Workloads;

/// <summary>
/// The process that is killed: goes on where the one before it was, and hands its results out as lines. Lines that
/// begin with @ tell what it is at.
/// </summary>
internal static class WorkCommand
{
    public const string Building = "@building";
    public const string Built = "@built";
    public const string Suspended = "@suspended";
    public const string Ended = "@ended";
    public const string Failed = "@failed";

    /// <summary>The exit code of one that failed, and said why.</summary>
    public const int FailedCode = 3;

    // One life in so many ends with a suspension half way.
    private const int LivesPerSuspension = 4;

    public static async Task<int> RunAsync(Workload workload, string directory, SinkTarget? target = null)
    {
        var output = new PipeLines();
        try
        {
            output.Write($"{Building}\n");
            await using var running = workload.Build(directory, output, target);
            output.Write($"{Built} {running.Next}\n");
            var suspends = Reading.Mix((ulong)(running.Next + workload.Seed)) % LivesPerSuspension == 0;
            var half = running.Next + ((workload.Events - running.Next) / 2);
            await running.RunAsync(
                workload,
                suspends ? half : workload.Events,
                suspends && half < workload.Events ? StopMode.Suspend : StopMode.Complete);
            output.Write(suspends && half < workload.Events ? $"{Suspended}\n" : $"{Ended}\n");
            return 0;
        }
        catch (DurabilityException exception) when (HasEndedBefore(exception))
        {
            output.Write($"{Ended}\n");
            return 0;
        }
        catch (Exception exception) when (exception is StreamProcessorException or IOException)
        {
            output.Write($"{Failed} {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}\n");
            return FailedCode;
        }
    }

    /// <summary>Whether the one before it had ended the input, and was killed when all was done.</summary>
    public static bool HasEndedBefore(DurabilityException exception) =>
        exception.Message.Contains("The input of the stream", StringComparison.Ordinal)
        && exception.Message.Contains("has ended", StringComparison.Ordinal);
}
