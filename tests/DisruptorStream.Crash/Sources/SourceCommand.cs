using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Sources;

/// <summary>The process that is killed while it reads a file that grows: as <see cref="WorkCommand"/>.</summary>
internal static class SourceCommand
{
    private const int PollMilliseconds = 2;
    private const int LivesPerSuspension = 4;

    public static async Task<int> RunAsync(Workload workload, string directory)
    {
        var output = new PipeLines();
        try
        {
            output.Write($"{WorkCommand.Building}\n");
            await using var processor = SourceWorkload.Reading(workload, directory, output);
            var first = processor.GetStats().EventsProcessed;
            output.Write($"{WorkCommand.Built} {first}\n");
            var suspends = Reading.Mix((ulong)(first + workload.Seed)) % LivesPerSuspension == 0;
            var end = suspends ? first + ((workload.Events - first) / 2) : workload.Events;
            processor.Start();
            while (processor.GetStats().EventsProcessed < end && !processor.Completion.IsCompleted)
                await Task.Delay(PollMilliseconds);
            var stop = end < workload.Events ? StopMode.Suspend : StopMode.Complete;
            await processor.StopAsync(stop);
            output.Write(stop == StopMode.Suspend ? $"{WorkCommand.Suspended}\n" : $"{WorkCommand.Ended}\n");
            return 0;
        }
        catch (DurabilityException exception) when (WorkCommand.HasEndedBefore(exception))
        {
            output.Write($"{WorkCommand.Ended}\n");
            return 0;
        }
        catch (Exception exception) when (exception is StreamProcessorException or IOException)
        {
            output.Write(
                $"{WorkCommand.Failed} {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}\n");
            return WorkCommand.FailedCode;
        }
    }
}
