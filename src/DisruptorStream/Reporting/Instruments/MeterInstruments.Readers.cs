using System.Diagnostics.Metrics;
using DisruptorStream.Sources;

namespace DisruptorStream.Reporting.Instruments;

/// <content>The sources that processors read by themselves.</content>
internal sealed partial class MeterInstruments
{
    private void AddReaders()
    {
        ReaderCounter(
            "events.published",
            "{event}",
            "Events that the reader of each source has published.",
            reader => reader.EventsPublished);
        ReaderCounter(
            "events.acknowledged",
            "{event}",
            "Events of which each source was told that they are durable.",
            reader => reader.EventsAcknowledged);
        ReaderCounter(
            "records.rejected",
            "{record}",
            "Records that were left out of each source.",
            reader => reader.RecordsRejected);
        ReaderCounter(
            "restarts",
            "{restart}",
            "How often each source was opened again after a failure.",
            reader => reader.Restarts);
        ReaderGauge(
            "failing",
            "{failure}",
            "Failures of each source since it last went well: 0 where it does.",
            reader => reader.ConsecutiveFailures);
        ReaderGauge(
            "lag", "{unit}", "How much is not read yet of each source, in units of its own.", reader => reader.Lag);
    }

    private void ReaderCounter(string name, string unit, string description, Func<SourceReaderStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableCounter(
            $"disruptorstream.source.{name}", () => OfReaders(instrument, one => read(one)), unit, description));
    }

    private void ReaderGauge(string name, string unit, string description, Func<SourceReaderStats, long?> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.source.{name}", () => OfReaders(instrument, read), unit, description));
    }

    private List<Measurement<long>> OfReaders(int instrument, Func<SourceReaderStats, long?> read)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var processor in Processors())
        {
            foreach (var reader in processor.Stats(instrument).Readers)
            {
                if (read(reader) is { } value)
                    measurements.Add(new Measurement<long>(value, processor.Tag, Tag(SourceTag, reader.Name)));
            }
        }

        return measurements;
    }
}
