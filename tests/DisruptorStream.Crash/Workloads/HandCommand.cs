using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Workloads;

/// <summary>The process of a <see cref="HandRun"/>.</summary>
internal static class HandCommand
{
    /// <summary>Says how many events are safe.</summary>
    public const string Durable = "@durable ";

    /// <summary>The argument of one that waits for an answer to each line.</summary>
    public const string Confirmed = "--confirmed";

    /// <param name="run">What it does.</param>
    /// <param name="directory">Where its journal is.</param>
    /// <param name="output">Where its lines go.</param>
    public static int Run(HandRun run, string directory, IResultLines output)
    {
        try
        {
            run.Run(directory, output, what => output.Write($"{what.ReplaceLineEndings(" ")}\n"));
            output.Write($"{WorkCommand.Ended}\n");
            return 0;
        }
        catch (DurabilityException exception) when (WorkCommand.HasEndedBefore(exception))
        {
            output.Write($"{WorkCommand.Ended}\n");
            return 0;
        }
        catch (Exception exception) when (exception is StreamProcessorException or IOException)
        {
            var message = exception.Message.ReplaceLineEndings(" ");
            output.Write($"{WorkCommand.Failed} {exception.GetType().Name}: {message}\n");
            return WorkCommand.FailedCode;
        }
    }
}
