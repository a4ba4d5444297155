using System.Diagnostics.Metrics;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>A factory that gives everyone the same meter, as a host's does.</summary>
internal sealed class SharedMeter : IMeterFactory
{
    private readonly Meter _meter = new(Guid.NewGuid().ToString());

    public Meter Create(MeterOptions options) => _meter;

    /// <summary>The processors that report, each with its published events.</summary>
    public string Collect()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meter && instrument.Name == "disruptorstream.events.published")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen.Add($"{tags[0].Value} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return string.Join(", ", seen);
    }

    public void Dispose() => _meter.Dispose();
}
