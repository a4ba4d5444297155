using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Topology.Durable.Opening;

/// <summary>Begins the part of a journal that this process writes.</summary>
internal static class JournalBeginning
{
    /// <param name="settings">Where and how.</param>
    /// <param name="contents">What was there before.</param>
    /// <param name="durable">What the processor is.</param>
    /// <param name="nextSequence">The first slot that comes.</param>
    /// <param name="services">Measure the syncs.</param>
    /// <returns>A writer that has written, durably, that a process begins here, and what it is.</returns>
    /// <exception cref="DurabilityException">The disk does not take it.</exception>
    public static JournalWriter Begin(
        DurableSettings settings,
        JournalContents contents,
        DurablePlan durable,
        long nextSequence,
        ProcessorServices services)
    {
        var options = OptionsOf(settings, services);
        JournalWriter? writer = null;
        try
        {
            writer = new JournalWriter(settings.Files, contents, durable.Identity, nextSequence, options);
            writer.AppendRestart();
            writer.AppendPlan(durable.Record.Span);
            writer.Write();
            writer.Sync();
            return writer;
        }
        catch (JournalException failed) when (failed.InnerException is IOException or UnauthorizedAccessException)
        {
            writer?.Dispose();
            throw new DurabilityException(
                $"The processor '{durable.Plan.Name}' cannot begin to write its journal in '{settings.Directory}': "
                + $"{failed.InnerException.Message.TrimEnd('.')}. Nothing is lost by that. See to it that this process "
                + $"may write there and that the disk has room for {options.Spares + 1} more files of "
                + $"{options.SegmentBytes} bytes (SegmentBytes makes them shorter), and start again.",
                failed.InnerException);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    private static JournalOptions OptionsOf(DurableSettings settings, ProcessorServices services)
    {
        var options = new JournalOptions
        {
            SegmentBytes = settings.Options.SegmentBytes,

            // Nobody waits for a sync there, and with Sync everybody does.
            ReservesSpares = settings.Options.Mode == DurabilityMode.Async,
            CanReseat = settings.Options.OnSyncFailure == SyncFailurePolicy.Reseat,
            OnSynced = services.Histograms is { } histograms
                ? time => histograms.SyncTime.Record(time.TotalSeconds)
                : null,
        };
        return settings.SaltSeed is { } seed ? options with { SaltSeed = seed } : options;
    }
}
