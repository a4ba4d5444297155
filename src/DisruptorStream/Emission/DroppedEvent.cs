using System.Globalization;
using System.Text;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission;

/// <summary>An event that entered no window, with the reason.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>A view on memory that is reused: it lives on the stack only, and no longer than the sink's call.</remarks>
public readonly ref struct DroppedEvent<TKey>
{
    private readonly ResultSchema _measures;

    internal DroppedEvent(
        TKey? key, bool hasKey, in ResultHeader header, ResultSchema measures, ReadOnlySpan<long> rawMeasures)
    {
        Key = key;
        HasKey = hasKey;
        TimestampTicks = header.StartTicks;
        Sequence = header.EndTicks;
        Reason = header.Reason;
        RawMeasures = rawMeasures;
        _measures = measures;
    }

    /// <summary>The event's key; the type's default when <see cref="HasKey"/> is false.</summary>
    public TKey? Key { get; }

    /// <summary>
    /// False when the event was refused before its key was given an id, so that the key was not kept.
    /// </summary>
    public bool HasKey { get; }

    /// <summary>The event's time, in ticks of 100 ns since the Unix epoch.</summary>
    public long TimestampTicks { get; }

    /// <summary>The event's time, in UTC.</summary>
    /// <exception cref="InvalidOperationException">The time lies outside the years 1 to 9999.</exception>
    public DateTimeOffset Timestamp => EventTime.ToDateTimeOffset(TimestampTicks, "dropped event's timestamp");

    /// <summary>The sequence of the event in the ring.</summary>
    public long Sequence { get; }

    /// <summary>Why the event was dropped.</summary>
    public DropReason Reason { get; }

    /// <summary>The 64 bits of each measure, in the order of <see cref="MeasureNames"/>.</summary>
    public ReadOnlySpan<long> RawMeasures { get; }

    /// <summary>The names of the measures.</summary>
    public IReadOnlyList<string> MeasureNames => _measures.Names;

    /// <summary>The first measure as a double; 0 when the events have no measure.</summary>
    public double Value => RawMeasures.IsEmpty ? 0 : _measures.ToDouble(0, RawMeasures[0]);

    /// <summary>A measure as a double; an integer measure is converted, to the nearest double beyond 2^53.</summary>
    /// <param name="measure">The measure's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such measure.</exception>
    public double GetDouble(int measure) => _measures.ToDouble(measure, RawMeasures[_measures.Checked(measure)]);

    /// <summary>An integer measure, exactly.</summary>
    /// <param name="measure">The measure's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such measure.</exception>
    /// <exception cref="InvalidOperationException">The measure is a double.</exception>
    public long GetInt64(int measure) => _measures.ToInt64(measure, RawMeasures[_measures.Checked(measure)]);

    /// <summary>The type of a measure.</summary>
    internal MeasureType TypeOf(int measure) => _measures.TypeOf(measure);

    /// <summary>The reason, the key, the time, the sequence and each measure by its name, for logs.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Reason}: key {(HasKey ? Key?.ToString() : "(none)")} at {EventTime.ToText(TimestampTicks)}, " +
            $"sequence {Sequence}");
        for (var measure = 0; measure < RawMeasures.Length; measure++)
        {
            text.Append(measure == 0 ? ", " : " ").Append(MeasureNames[measure]).Append('=');
            _ = _measures.TypeOf(measure) == MeasureType.Double
                ? text.Append(CultureInfo.InvariantCulture, $"{GetDouble(measure)}")
                : text.Append(CultureInfo.InvariantCulture, $"{GetInt64(measure)}");
        }

        return text.ToString();
    }
}
