using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Calendars;

/// <summary>The rules of time zones on this machine.</summary>
internal static class TimeZoneRules
{
    private const string Mark = "# version ";

    // Where Unix systems keep the rules as text, with their version in the first line, and where some keep it alone.
    private static readonly string[] Files = ["/usr/share/zoneinfo/tzdata.zi", "/usr/share/zoneinfo/+VERSION"];

    /// <summary>Their version, such as "2025b"; empty where nobody knows.</summary>
    public static string Version { get; } = Find();

    /// <summary>Stands for the rules of a zone: equal for zones whose clocks always show the same.</summary>
    public static Fingerprint FingerprintOf(TimeZoneInfo zone)
    {
        var writer = new IdentityWriter();
        writer.Add(zone.BaseUtcOffset.Ticks);
        var rules = zone.GetAdjustmentRules();
        writer.BeginList(rules.Length);
        foreach (var rule in rules)
        {
            writer.Add(rule.DateStart.Ticks);
            writer.Add(rule.DateEnd.Ticks);
            writer.Add(rule.BaseUtcOffsetDelta.Ticks);
            writer.Add(rule.DaylightDelta.Ticks);
            Add(writer, rule.DaylightTransitionStart);
            Add(writer, rule.DaylightTransitionEnd);
        }

        return writer.Fingerprint;
    }

    private static void Add(IdentityWriter writer, in TimeZoneInfo.TransitionTime transition)
    {
        writer.Add(transition.IsFixedDateRule);
        writer.Add(transition.Month);
        writer.Add(transition.IsFixedDateRule ? transition.Day : transition.Week);
        writer.Add(transition.IsFixedDateRule ? 0 : (long)transition.DayOfWeek);
        writer.Add(transition.TimeOfDay.Ticks);
    }

    private static string Find()
    {
        foreach (var file in Files)
        {
            try
            {
                using var reader = new StreamReader(file);
                var line = reader.ReadLine() ?? "";
                return line.StartsWith(Mark, StringComparison.Ordinal) ? line[Mark.Length..] : line;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next one.
            }
        }

        return "";
    }
}
