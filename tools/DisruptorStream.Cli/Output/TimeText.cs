using System.Globalization;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes instants as ISO 8601 does, in UTC, with no more digits than needed.</summary>
/// <remarks>
/// A year before 1 or after 9999 has a sign and six digits, as in "+010000-01-01T00:00:00Z", which JavaScript reads.
/// </remarks>
internal static class TimeText
{
    // The calendar repeats itself after 400 years.
    private const int YearsOfCycle = 400;
    private const long DaysOfCycle = 146_097;

    /// <summary>The most characters that an instant has.</summary>
    public const int MostCharacters = 40;

    /// <param name="ticks">Ticks since the Unix epoch.</param>
    /// <param name="text">Where the text goes; at least <see cref="MostCharacters"/> bytes.</param>
    /// <param name="form">The date and time as a format of <see cref="DateTime"/>, which begins with the year.</param>
    /// <returns>The length of the text.</returns>
    public static int Write(long ticks, Span<byte> text, string form)
    {
        var written = 0;
        var fromYearOne = (Int128)ticks + DateTime.UnixEpoch.Ticks;
        if (fromYearOne >= 0 && fromYearOne <= DateTime.MaxValue.Ticks)
        {
            new DateTime((long)fromYearOne).TryFormat(text, out written, form, CultureInfo.InvariantCulture);
            return written;
        }

        var cycleTicks = DaysOfCycle * TimeSpan.TicksPerDay;
        var cycles = (int)(fromYearOne / cycleTicks) - (fromYearOne < 0 ? 1 : 0);
        var time = new DateTime((long)(fromYearOne - ((Int128)cycles * cycleTicks)));
        time.TryFormat(text, out var length, form, CultureInfo.InvariantCulture);
        Span<byte> year = stackalloc byte[7];
        var number = time.Year + (cycles * YearsOfCycle);
        number.TryFormat(year, out written, "+000000;-000000", CultureInfo.InvariantCulture);

        // The four digits of the year in the cycle make room for the sign and the six digits of the year.
        text[4..length].CopyTo(text[written..]);
        year[..written].CopyTo(text);
        return length - 4 + written;
    }
}
