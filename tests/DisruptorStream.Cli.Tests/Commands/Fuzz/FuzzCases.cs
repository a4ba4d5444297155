using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace DisruptorStream.Cli.Tests.Commands.Fuzz;

/// <summary>Makes mutated inputs and arguments; each number gives the same one every time.</summary>
internal static class FuzzCases
{
    // No window that is small beside another length: a line would fall into millions of them.
    private static readonly string[] Windows =
        ["tumbling:10s", "tumbling:1us", "sliding:1m/10s", "session:5s", "tumbling:1d", "session:1h", "sliding:1h/1h"];

    private static readonly string[] Aggregates =
    [
        "count", "count, sum(v), avg(v)", "min(v), max(v), first(v), last(v)", "distinct(k), top(2, k)",
        "arg_max(k, v), arg_min(v, v)", "p50(v), p99.9(v, exact=10), median(v)", "histogram(v, 1, 2)",
        "stddev(v), zscore(v)",
        "distinct(v), max(v), top(1, v)", "wavg(v, v), ema(v, span=3), rate", "sum(\"a,b\")", "sum(user.id)",
        "max(items[0].price)",
    ];

    private static readonly string[] TimeFormats = ["iso", "unix-s", "unix-ms", "unix-us", "unix-ns"];
    private static readonly string[] Encodings = ["utf-8", "latin1", "windows-1252", "utf-16"];
    private static readonly string[] Keys = ["k", "@file", "k,v", "user.id", "", "time"];

    private static readonly string[] MoreOptions =
        ["--ragged", "--strict", "--quiet", "--lateness=5s", "--out-of-orderness=1m", "--output-format=ndjson",
         "--output-format=table", "--offset=1s", "--offset=-3h", "--format=ndjson", "--format=csv"];

    public static FuzzCase Create(int number)
    {
        var random = new Random(number);
        var isJson = random.Next(3) == 0;
        var timeFormat = TimeFormats[random.Next(3) == 0 ? random.Next(TimeFormats.Length) : random.Next(2)];
        var text = Mutation.Of(Encoding.UTF8.GetBytes(Lines(random, isJson, timeFormat)), random);
        var (bytes, lines, encoding) = Encode(text, random);
        var name = isJson ? "in.ndjson" : "in.csv";
        return new FuzzCase(name, bytes, lines, [.. Options(random, timeFormat, encoding)]);
    }

    private static string Lines(Random random, bool isJson, string timeFormat)
    {
        var text = new StringBuilder(isJson ? "" : "time,k,\"a,b\",v\n");
        for (var row = random.Next(12); row >= 0; row--)
        {
            var time = Time(random, timeFormat);
            var value = random.Next(4) switch
            {
                0 => "9007199254740993",
                1 => "",
                2 => random.NextDouble().ToString(CultureInfo.InvariantCulture),
                _ => random.Next(-5, 100).ToString(CultureInfo.InvariantCulture),
            };
            var key = random.Next(5) switch { 0 => "caf\u00e9", 1 => "x y", _ => "k" + random.Next(3) };
            text.Append(isJson
                ? $$"""{"time":"{{time}}","k":"{{key}}","v":{{(value.Length == 0 ? "null" : value)}},"""
                    + """
                      "user":{"id":1},"items":[{"price":2}]}
                      """
                : random.Next(6) == 0 ? $"{time},\"{key}\n\"\"{key}\",1,{value}" : $"{time},{key},5\" pipe,{value}");
            text.Append(random.Next(9) == 0 ? "\r\n" : random.Next(20) == 0 ? "\n\n" : "\n");
        }

        return text.ToString();
    }

    private static string Time(Random random, string format)
    {
        var time = DateTimeOffset.UnixEpoch.AddMilliseconds(1_772_359_200_000 + random.Next(100_000));
        return format switch
        {
            "iso" => time.ToString(
                random.Next(3) switch { 0 => "O", 1 => "yyyyMMdd'T'HHmmss'Z'", _ => "yyyy-MM-dd HH:mm:ss.f 'UTC'" },
                CultureInfo.InvariantCulture),
            "unix-s" => (time.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture),
            "unix-ms" => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            "unix-us" => (time.ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture),
            _ => (time.ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static (byte[] Bytes, long? Lines, string? Encoding) Encode(byte[] text, Random random)
    {
        var lines = CountLines(text);
        switch (random.Next(14))
        {
            case 0:
                return (Compress(text), lines, null);
            case 1:
                return (Mutation.Of(Compress(text), random), null, null);
            case 2:
                var characters = Encoding.UTF8.GetString(text);
                lines = CountLines(Encoding.UTF8.GetBytes(characters));
                return ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(characters)], lines, null);
            case 3:
                return (text, null, Encodings[random.Next(Encodings.Length)]);
            case 4:
                return (text, lines, "latin1");
            default:
                return (text, lines, null);
        }
    }

    /// <summary>
    /// Null where the bytes say that they are something else than UTF-8, or a return alone is a line end to CSV only.
    /// </summary>
    private static long? CountLines(ReadOnlySpan<byte> text)
    {
        if (text is [0x1F, 0x8B, ..] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return null;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[3..];
        if (text.Count((byte)'\r') != text.Count("\r\n"u8))
            return null;
        return text.Count((byte)'\n') + (text.IsEmpty || text[^1] == '\n' ? 0 : 1);
    }

    private static byte[] Compress(byte[] text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        return stream.ToArray();
    }

    private static IEnumerable<string> Options(Random random, string timeFormat, string? encoding)
    {
        string Choose(string[] words, int mutates) => Mutated(words[random.Next(words.Length)], mutates, random);
        yield return "--time";
        yield return Mutated("time", 60, random);
        yield return "--time-format";
        yield return Mutated(timeFormat, 60, random);
        yield return "--window";
        var window = Windows[random.Next(Windows.Length)];
        yield return window.StartsWith("sliding", StringComparison.Ordinal) ? window : Mutated(window, 25, random);
        yield return "--aggregate";
        yield return Choose(Aggregates, 5);
        if (encoding is not null)
        {
            yield return "--encoding";
            yield return encoding;
        }

        if (random.Next(2) == 0)
        {
            yield return "--key";
            yield return Choose(Keys, 25);
        }

        for (var more = random.Next(3); more > 0; more--)
            yield return Choose(MoreOptions, 30);
    }

    /// <summary>One of this many is changed; never into the word for standard input, which never ends.</summary>
    private static string Mutated(string word, int oneOf, Random random)
    {
        var changed = random.Next(oneOf) == 0 ? Mutation.Of(word, random) : word;
        return changed is "-" ? word : changed;
    }
}
