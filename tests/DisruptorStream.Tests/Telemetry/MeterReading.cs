using System.Diagnostics.Metrics;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>A factory whose meters only this test listens to, and what their instruments said.</summary>
internal sealed class MeterReading : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly List<string> _instruments = [];
    private readonly Dictionary<string, List<double>> _values = [];
    private readonly Lock _gate = new();

    public MeterReading()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope != this)
                return;
            lock (_gate)
                _instruments.Add(instrument.Name);
            self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The names of all instruments that were made.</summary>
    public string[] Instruments
    {
        get
        {
            lock (_gate)
                return [.. _instruments];
        }
    }

    /// <summary>What the instrument said since the last collection, with the name and the values of its tags.</summary>
    public double[] this[string name]
    {
        get
        {
            lock (_gate)
                return _values.TryGetValue($"disruptorstream.{name}", out var values) ? [.. values] : [];
        }
    }

    /// <summary>Called with the name of the instrument of each measurement.</summary>
    public Action<string>? OnMeasurement { get; set; }

    public Meter Create(MeterOptions options) =>
        new(new MeterOptions(options.Name) { Version = options.Version, Scope = this });

    /// <summary>Reads all observable instruments anew; what histograms recorded stays.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        OnMeasurement?.Invoke(instrument.Name);
        var name = instrument.Name;
        foreach (var tag in tags)
            name += $" {tag.Value}";
        lock (_gate)
        {
            if (!_values.TryGetValue(name, out var values))
                _values[name] = values = [];
            if (instrument.IsObservable)
                values.Clear();
            values.Add(value);
        }
    }
}
