using System.Globalization;

namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>A pane as the naive computation has it: count, and sum and maximum of the values there are.</summary>
internal sealed record NaivePane(string Key, long Start, long End, string Timing, long Count, double Sum, double? Max)
{
    public string ToCsv(bool hasKey)
    {
        var max = Max?.ToString(CultureInfo.InvariantCulture) ?? "";
        var row = string.Create(
            CultureInfo.InvariantCulture, $"{Iso(Start)},{Iso(End)},{Timing},{Count},{Sum},{max}");
        return hasKey ? $"{Key},{row}" : row;
    }

    private static string Iso(long ticks) => new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc)
        .ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
