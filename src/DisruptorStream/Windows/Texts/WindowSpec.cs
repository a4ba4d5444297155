using DisruptorStream.Expressions;
using DisruptorStream.Messages;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Windows.Texts;

/// <summary>Windows as text names them, on the command line and in configuration.</summary>
/// <param name="Kind">One of the kinds.</param>
/// <param name="Length">The size, or the gap of sessions; zero for calendars.</param>
/// <param name="Slide">As the size where they do not slide.</param>
internal sealed record WindowSpec(string Kind, TimeSpan Length, TimeSpan Slide)
{
    /// <summary>How windows are written.</summary>
    public const string Forms =
        "tumbling:SIZE, sliding:SIZE/SLIDE, session:GAP or " + CalendarSpec.Form + ", such as tumbling:5m";

    private const string CalendarKind = "calendar";

    // What a window can last, in whole days.
    private const int MostDays = (int)(SliceGrid.MaxSizeTicks / TimeSpan.TicksPerDay);

    private static readonly string[] Kinds = ["tumbling", "sliding", "session", CalendarKind];

    /// <summary>The calendar; null for windows that have a length.</summary>
    public CalendarSpec? Calendar { get; private init; }

    /// <summary>Whether all keys have windows at the same times, so that gaps between them can be filled.</summary>
    public bool HasGaps => Kind is not "session";

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
        if (lengths.Length != wanted)
        {
            throw new ExpressionException(
                $"The window '{text}' has {lengths.Length} length(s) and needs {wanted}; write {Forms}.",
                colon + 1,
                text.Length - colon - 1);
        }

        var start = colon + 1;
        var spans = new TimeSpan[wanted];
        for (var i = 0; i < wanted; i++)
        {
            spans[i] = ParseLength(text, lengths[i], start);
            start += lengths[i].Length + 1;
        }

        return new WindowSpec(kind, spans[0], spans[^1]);
    }

    /// <summary>The windows that are named.</summary>
    /// <param name="offset">Where they begin, where that can be chosen.</param>
    public WindowDefinition DefinitionOf(TimeSpan offset) => Kind switch
    {
        "tumbling" or "sliding" => new FixedWindows(Length.Ticks, Slide.Ticks, offset.Ticks),
        CalendarKind => Calendar!.Definition,
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
        _ => "there are tumbling, sliding, session and calendar.",
    };
}
