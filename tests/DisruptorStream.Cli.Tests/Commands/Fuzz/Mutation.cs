using System.Text;

namespace DisruptorStream.Cli.Tests.Commands.Fuzz;

/// <summary>Changes bytes here and there, as files and people do.</summary>
internal static class Mutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\"", "\"\"", ",", "\n", "\r\n", "\r", "\0", "\u001b[2J", "\t", " ", "\\", "\\\"", "{", "}", "[", "]", ":",
            "null", "\"\\ud800\"", "\\udc00", "1e25", "-1e400", "9223372036854775808", "9007199254740993", "0.1e-400",
            "23:59:60", "20260301T100002Z", "2026-03-01 10:00:02 UTC", "9999-12-31T23:59:60", "0001-01-01", "NaN",
            "inf", "-", "1", "\uFEFF", "\u202e", "time", "\"time\":", "@", "(", ")", "=", "\"\n\n\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xE9], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0x1F, 0x8B], [0xFF, 0xFE],
    ];

    public static byte[] Of(ReadOnlySpan<byte> bytes, Random random)
    {
        var changed = new List<byte>(bytes.ToArray());
        for (var times = random.Next(5); times > 0; times--)
            Change(changed, random);
        return [.. changed];
    }

    /// <summary>The same of a text; what is no text in it is replaced.</summary>
    public static string Of(string text, Random random) =>
        Encoding.UTF8.GetString(Of(Encoding.UTF8.GetBytes(text), random));

    private static void Change(List<byte> bytes, Random random)
    {
        var place = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 9), bytes.Count - place);
        switch (random.Next(7))
        {
            case 0:
                bytes.RemoveRange(place, length);
                break;
            case 1 when place < bytes.Count:
                bytes[place] = (byte)random.Next(256);
                break;
            case 2:
                bytes.InsertRange(place, bytes.GetRange(place, length));
                break;
            case 3 when place > bytes.Count / 2:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            default:
                bytes.InsertRange(place, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }
}
