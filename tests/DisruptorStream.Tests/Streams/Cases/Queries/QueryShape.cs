using DisruptorStream.Building;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Tests.Streams.Cases.Queries;

/// <summary>A random query, whatever its keys.</summary>
internal sealed record QueryShape
{
    /// <summary>The kind of <see cref="Window"/> that tells of silences.</summary>
    public const int Silence = 5;

    public required int Key { get; init; }

    /// <summary>The filters that an event must pass.</summary>
    public required int[] Where { get; init; }

    public required int Window { get; init; }

    public required long Size { get; init; }

    public required long Slide { get; init; }

    public required long Offset { get; init; }

    public required long? EarlyCount { get; init; }

    public required long? EarlyDelay { get; init; }

    /// <summary>0 for never, -1 for after a delay.</summary>
    public required int Late { get; init; }

    public required AccumulationMode Mode { get; init; }

    public required long Lateness { get; init; }

    public required bool Fills { get; init; }

    /// <summary>How far each key's own watermark is behind its events; null where all go by the same one.</summary>
    public required long? KeyBound { get; init; }

    public required MetricSpec[] Metrics { get; init; }

    /// <summary>The most windows of one event.</summary>
    public int MostWindows => Window switch
    {
        1 => (int)((Size + Slide - 1) / Slide) + 1,
        3 => 2,
        _ => 1,
    };

    /// <summary>Whether it can fill gaps: a count that stands alone as a sum would repeat.</summary>
    private bool FillsAlike => Mode == AccumulationMode.Accumulating && Window is (0 or 1 or 4)
        && !Array.Exists(Metrics, metric => metric is { Kind: 0, Filter: >= 0 });

    public bool Passes(in Reading one)
    {
        foreach (var filter in Where)
        {
            if (!Reading.Filters[filter](one))
                return false;
        }

        return true;
    }

    /// <summary>Whether it reads a double that is no number.</summary>
    public bool ReadsNoNumber(in Reading one)
    {
        foreach (var metric in Metrics)
        {
            foreach (var measure in metric.Reads)
            {
                if (!double.IsFinite(measure == 0 ? one.First : one.Second))
                    return true;
            }
        }

        return false;
    }

    public TStep WindowsOf<TStep>(WindowingStep<TStep> step) => Window switch
    {
        0 => step.TumblingWindows(Span(Size), offset: Span(Offset)),
        1 => step.SlidingWindows(Span(Size), Span(Slide), Span(Offset)),
        2 => step.SessionWindows(Span(Slide)),
        3 => step.CustomWindows(new Overlapping()),
        Silence => step.Silence(Span(Slide), Span(4 * Slide)),
        _ => step.CalendarWindows(CalendarUnit.Hour, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), 6),
    };

    public TStep Describe<TStep, TKey>(TStep step, bool processingTime)
        where TStep : WindowedStepBase<TStep, TKey>
        where TKey : notnull
    {
        if (Window == Silence)
            return step.AllowedLateness(TimeSpan.Zero);
        step = step.AllowedLateness(Span(Lateness)).Accumulation(Mode);
        if (EarlyCount is not null || EarlyDelay is not null)
            step = step.Early(EarlyCount, EarlyDelay is { } delay ? Span(delay) : null);
        if (KeyBound is { } bound && !processingTime)
            step = step.WatermarksPerKey(Span(bound), bound % 2 == 0 ? null : Span(5 * bound));
        else if (Fills && FillsAlike)
            step = step.FillGaps(3, GapValues.Previous);
        return Late switch
        {
            0 => step.LateNever(),
            < 0 => step.Late(Span(5)),
            _ => step.Late(Late),
        };
    }

    private static TimeSpan Span(long ticks) => TimeSpan.FromTicks(ticks);

    private readonly struct Overlapping : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 2;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            var start = timestampTicks - (((timestampTicks % 7) + 7) % 7);
            windows[0] = new TimeWindow(start, start + 9);
            if (timestampTicks % 3 == 0)
                return 1;
            windows[1] = new TimeWindow(start - 4, start + 11);
            return 2;
        }
    }
}
