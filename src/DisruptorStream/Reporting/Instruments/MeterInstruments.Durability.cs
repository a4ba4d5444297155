using System.Diagnostics.Metrics;
using DisruptorStream.Durability;

namespace DisruptorStream.Reporting.Instruments;

/// <content>The journal and the snapshots of those processors that are durable.</content>
internal sealed partial class MeterInstruments
{
    private void AddDurability()
    {
        DurableGauge(
            "journal.size",
            "By",
            "Bytes of the journal, without files that are ready for use.",
            stats => stats.JournalBytes);
        DurableGauge("journal.files", "{file}", "Files of the journal that are in use.", stats => stats.JournalFiles);
        DurableGauge(
            "journal.unwritten",
            "{slot}",
            "Slots that were published and are not written: the end of the process takes them.",
            stats => Math.Max(0, stats.PublishedSequence - stats.WrittenSequence));
        DurableGauge(
            "journal.unsynced",
            "{slot}",
            "Slots that were published and are not synced: a power cut takes them.",
            stats => Math.Max(0, stats.PublishedSequence - stats.DurableSequence));
        DurableGauge(
            "shadow.lag",
            "{slot}",
            "Synced slots that the shadow has not handled.",
            stats => Math.Max(0, stats.DurableSequence - stats.ShadowSequence));
        DurableTime("snapshot.age", "Since the newest snapshot, or the start.", stats => stats.SnapshotAge);
        DurableTime("recovery.time", "How long the recovery took.", stats => stats.RecoveryTime);
    }

    private void DurableGauge(string name, string unit, string description, Func<DurabilityStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.{name}", () => OfDurable(instrument, read), unit, description));
    }

    private void DurableTime(string name, string description, Func<DurabilityStats, TimeSpan> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.{name}",
            () => OfDurable(instrument, stats => read(stats).TotalSeconds),
            "s",
            description));
    }

    private List<Measurement<T>> OfDurable<T>(int instrument, Func<DurabilityStats, T> read)
        where T : struct
    {
        var measurements = new List<Measurement<T>>();
        foreach (var processor in Processors())
        {
            if (processor.Stats(instrument).Durability is { } stats)
                measurements.Add(new Measurement<T>(read(stats), processor.Tag));
        }

        return measurements;
    }
}
