using DisruptorStream.Expressions;
using DisruptorStream.Messages;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Windows.Texts;

/// <summary>Windows as text names them, on the command line and in configuration.</summary>
/// <param name="Kind">One of the kinds.</param>
/// <param name="Length">
/// The size, the gap of sessions, or how long a silence takes to start; zero for calendars.
/// </param>
/// <param name="Slide">As the size where they do not slide.</param>
internal sealed record WindowSpec(string Kind, TimeSpan Length, TimeSpan Slide)
{
    /// <summary>How windows are written.</summary>
    public const string Forms =
        "tumbling:SIZE, sliding:SIZE/SLIDE, session:GAP, silence:AFTER or " + CalendarSpec.Form
        + ", such as tumbling:5m";

    private const string CalendarKind = "calendar";

    private const string SilenceKind = "silence";

    // What a window can last, in whole days.
    private const int MostDays = (int)(SliceGrid.MaxSizeTicks / TimeSpan.TicksPerDay);

    private static readonly string[] Kinds = ["tumbling", "sliding", "session", SilenceKind, CalendarKind];

    /// <summary>The calendar; null for windows that have a length.</summary>
    public CalendarSpec? Calendar { get; private init; }

    /// <summary>Whether all keys have windows at the same times, so that gaps between them can be filled.</summary>
    public bool HasGaps => Kind is not ("session" or SilenceKind);

    /// <summary>Whether panes say that a silence has started or ended.</summary>
    public bool TellsSilence => Kind is SilenceKind;

    /// <summary>How long a silent key is kept; null for as long as the engine does unless it is told.</summary>
    private TimeSpan? Kept { get; init; }

    /// <summary>Whether where they begin can be chosen.</summary>
    public bool HasOffset => Kind is "tumbling" or "sliding";

    /// <exception cref="ExpressionException">The text is none of the forms.</exception>
    public static WindowSpec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        if (Array.IndexOf(Kinds, kind) < 0)
            throw new ExpressionException($"There is no window '{kind}'; {Hint(kind)} Write {Forms}.", 0, kind.Length);
        if (colon < 0)
            throw new ExpressionException($"The window '{text}' has no length; write {Forms}.", text.Length, 1);
        if (kind is CalendarKind)
        {
            return new WindowSpec(kind, default, default)
            {
                Calendar = CalendarSpec.Parse(text[(colon + 1)..], colon + 1),
            };
        }

        var lengths = text[(colon + 1)..].Split('/');
        var wanted = kind is "sliding" ? 2 : 1;
        var needed = kind is SilenceKind ? "1 or 2, the second for how long a silent key is kept" : $"{wanted}";
        if (lengths.Length != wanted && !(kind is SilenceKind && lengths.Length == 2))
        {
            throw new ExpressionException(
                $"The window '{text}' has {lengths.Length} length(s) and needs {needed}; write {Forms}.",
                colon + 1,
                text.Length - colon - 1);
        }

        var start = colon + 1;
        var spans = new TimeSpan[lengths.Length];
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = ParseLength(text, lengths[i], start);
            start += lengths[i].Length + 1;
        }

        if (kind is not SilenceKind)
            return new WindowSpec(kind, spans[0], spans[^1]);
        return spans[^1] >= spans[0]
            ? new WindowSpec(kind, spans[0], default) { Kept = spans.Length == 2 ? spans[1] : null }
            : throw new ExpressionException(
                $"A key would be forgotten before its silence starts; write at least {lengths[0]}.",
                text.Length - lengths[1].Length,
                lengths[1].Length);
    }

    /// <summary>The windows that are named.</summary>
    /// <param name="offset">Where they begin, where that can be chosen.</param>
    public WindowDefinition DefinitionOf(TimeSpan offset) => Kind switch
    {
        "tumbling" or "sliding" => new FixedWindows(Length.Ticks, Slide.Ticks, offset.Ticks),
        CalendarKind => Calendar!.Definition,
        SilenceKind => new SilenceWindows(Length.Ticks, Kept?.Ticks ?? SilenceWindows.UsuallyKept(Length.Ticks)),
        _ => new GapWindows(Length.Ticks),
    };

    /// <summary>The windows that are named, instead of others.</summary>
    /// <param name="before">The others: the zone that each key has there stays, where the text names none.</param>
    /// <param name="offset">Where they begin, where that can be chosen.</param>
    public WindowDefinition InsteadOf(WindowDefinition before, TimeSpan offset) =>
        before is ZonedWindows zoned && Calendar is { NamesZone: false }
            ? zoned with { Calendar = Calendar.Definition }
            : DefinitionOf(offset);

    private static TimeSpan ParseLength(string window, string text, int start)
    {
        try
        {
            var span = Duration.Parse(text);
            if (span <= TimeSpan.Zero)
                throw new FormatException($"The window '{window}' has a length that is not above zero.");
            return span.Ticks <= MostDays * TimeSpan.TicksPerDay ? span : throw new FormatException(
                $"The window '{window}' is too long; {MostDays}d is the longest.");
        }
        catch (FormatException exception)
        {
            throw new ExpressionException(exception.Message, start, text.Length);
        }
    }

    private static string Hint(string kind) => kind switch
    {
        "hop" or "hopping" or "rolling" or "moving" => "did you mean 'sliding'?",
        "fixed" => "did you mean 'tumbling'?",
        "hour" or "day" or "week" or "month" or "quarter" or "year" => $"did you mean 'calendar:{kind}'?",
        _ when NearestWord.Find(kind, Kinds) is { } near => $"did you mean '{near}'?",
        [>= '0' and <= '9', ..] => $"did you mean 'tumbling:{kind}'?",
        _ => "there are tumbling, sliding, session, silence and calendar.",
    };
}
