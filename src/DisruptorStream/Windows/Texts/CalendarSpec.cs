using System.Globalization;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Windows.Texts;

/// <summary>Windows by the clock on the wall, as text names them.</summary>
/// <param name="Unit">What a window lasts.</param>
/// <param name="Count">How many of it.</param>
/// <param name="FirstDayOfWeek">When weeks begin.</param>
/// <param name="Zone">Whose clock it is.</param>
internal sealed record CalendarSpec(CalendarUnit Unit, int Count, DayOfWeek FirstDayOfWeek, TimeZoneInfo Zone)
{
    public const string Form = "calendar:UNIT@ZONE";

    private const int MostDigits = 6;

    private static readonly string[] Units = ["hour", "day", "week", "month", "quarter", "year"];

    private static readonly string[] Days =
        ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>Whether the text names a zone; UTC where it does not.</summary>
    public bool NamesZone { get; private init; }

    /// <summary>The windows.</summary>
    public CalendarWindows Definition => new(Unit, Count, Zone, FirstDayOfWeek);

    /// <summary>Reads what stands behind the colon: 6hours@Europe/Berlin, or week-sunday.</summary>
    /// <param name="text">What stands there.</param>
    /// <param name="start">Where that begins.</param>
    /// <exception cref="ExpressionException">It cannot be understood.</exception>
    public static CalendarSpec Parse(string text, int start)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var length = at < 0 ? text : text[..at];
        var zone = at < 0 ? TimeZoneInfo.Utc : ZoneOf(text[(at + 1)..], start + at + 1);
        var digits = 0;
        while (digits < length.Length && char.IsAsciiDigit(length[digits]))
            digits++;
        if (digits > MostDigits)
            throw Error($"'{length[..digits]}' is too many; write fewer of a longer unit.", start, digits);
        var count = digits == 0 ? 1 : int.Parse(length[..digits], CultureInfo.InvariantCulture);
        var dash = length.IndexOf('-', StringComparison.Ordinal);
        var word = dash < 0 ? length[digits..] : length[digits..dash];
        var unit = UnitOf(word, start + digits);
        var day = dash < 0 ? DayOfWeek.Monday : DayOf(length[(dash + 1)..], unit, start + dash + 1);
        if (count == 0 || (unit == CalendarUnit.Hour && (count > 24 || 24 % count != 0)))
        {
            var most = unit == CalendarUnit.Hour ? "1, 2, 3, 4, 6, 8, 12 or 24 of them" : "at least 1 of them";
            throw Error($"There are no windows of {count} {Units[(int)unit]}s; write {most}.", start, digits);
        }

        if (count > CalendarWindows.MostOf(unit))
        {
            throw Error(
                $"Windows of {count} {Units[(int)unit]}s are too long; {CalendarWindows.MostOf(unit)} is the most.",
                start,
                digits);
        }

        return new CalendarSpec(unit, count, day, zone) { NamesZone = at >= 0 };
    }

    /// <summary>What the windows may become that are typed so far.</summary>
    /// <param name="word">What stands behind the colon.</param>
    public static IEnumerable<string> Completions(string word)
    {
        var at = word.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            foreach (var unit in Units)
                yield return unit + "@";
            yield break;
        }

        foreach (var id in ZoneIds())
        {
            if (id.StartsWith(word[(at + 1)..], StringComparison.OrdinalIgnoreCase))
                yield return word[..(at + 1)] + id;
        }
    }

    private static IEnumerable<string> ZoneIds()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
            yield return zone.Id;
    }

    private static CalendarUnit UnitOf(string word, int start)
    {
        var unit = Array.IndexOf(Units, word.EndsWith('s') ? word[..^1] : word);
        return unit >= 0 ? (CalendarUnit)unit : throw Error(
            $"There is no calendar unit '{word}'; {NearestWord.Hint(word, Units)}", start, word.Length);
    }

    private static DayOfWeek DayOf(string word, CalendarUnit unit, int start)
    {
        if (unit != CalendarUnit.Week)
            throw Error($"A first day is for weeks; leave out '-{word}'.", start - 1, word.Length + 1);
        var day = Array.IndexOf(Days, word);
        return day >= 0 ? (DayOfWeek)day : throw Error(
            $"There is no day '{word}'; {NearestWord.Hint(word, Days)}", start, word.Length);
    }

    private static TimeZoneInfo ZoneOf(string id, int start)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return zone;
        var near = NearestWord.Find(id, ZoneIds());
        throw Error(
            near is null
                ? $"This machine knows no time zone '{id}'; write one as Europe/Berlin, or leave it out for UTC."
                : $"This machine knows no time zone '{id}'; did you mean '{near}'?",
            start,
            id.Length);
    }

    private static ExpressionException Error(string message, int start, int length) =>
        new(message, start, Math.Max(1, length));
}
