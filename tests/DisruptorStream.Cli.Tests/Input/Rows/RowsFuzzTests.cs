using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Tests.Commands.Fuzz;

namespace DisruptorStream.Cli.Tests.Input.Rows;

/// <summary>Rows that are read together are those that are read one by one, whatever is in the file.</summary>
/// <remarks>
/// DISRUPTORSTREAM_ROWS is how many mutated files are tried: 10,000 unless it is set; 1,000,000 is the long form.
/// DISRUPTORSTREAM_ROWS_FROM is the number of the first, as a failure names it. That single records are cut right is
/// checked beside the obvious machine, in RecordReaderTests.
/// </remarks>
public sealed class RowsFuzzTests
{
    private const int Default = 10_000;

    private static readonly string[] Aggregates =
    [
        "count", "count, avg(v)", "max(v), sum(v), sum(w)", "distinct(w), top(2, k)", "arg_max(k, v), last(w)",
    ];

    private static readonly string[][] Keys = [["k"], ["k"], ["k", "w"], ["@file"], [], ["v"]];

    [Fact]
    public async Task TryReadRows_MutatedFiles_ReadAsOneByOne()
    {
        var first = TestScale.Of("DISRUPTORSTREAM_ROWS_FROM", 0);
        var together = 0L;
        for (var number = first; number < first + TestScale.Of("DISRUPTORSTREAM_ROWS", Default); number++)
        {
            var (layout, text, chunk) = Create(number);
            var alone = await ReadAsync(layout(), text, chunk, isTogether: false);
            var rows = await ReadAsync(layout(), text, chunk, isTogether: true);
            if (alone.Said != rows.Said || !alone.Rows.SequenceEqual(rows.Rows))
                Assert.Fail($"File {number}:\n{Encoding.UTF8.GetString(text)}\n{alone}\n{rows}");
            together += rows.Together;
        }

        // Else nothing would be checked.
        Assert.True(together > 1000, $"{together} rows were read together.");
    }

    private static (Func<EventLayout> Layout, byte[] Text, int Chunk) Create(int number)
    {
        var random = new Random(number);
        var isJson = random.Next(4) == 0;
        var format = random.Next(2) == 0 ? TimeFormat.UnixMilliseconds : TimeFormat.Iso;
        var aggregates = AggregateList.Parse(Aggregates[random.Next(Aggregates.Length)]);
        var keys = Keys[random.Next(Keys.Length)];
        var isRagged = random.Next(8) == 0;
        var text = isJson ? Json(random, format) : Csv(random, format);
        return (
            () => new EventLayout(
                isJson ? InputFormat.Ndjson : InputFormat.Csv, "time", format, "x", keys, aggregates.Measures)
            {
                IsRagged = isRagged,
            },
            Mutation.Of(Encoding.UTF8.GetBytes(text), random),
            random.Next(3) == 0 ? random.Next(1, 200) : 1 << 20);
    }

    private static string Csv(Random random, TimeFormat format)
    {
        var text = new StringBuilder("time,k,x,v,w\n");
        var end = random.Next(3) == 0 ? "\r\n" : "\n";
        for (var row = random.Next(40); row >= 0; row--)
        {
            var key = Key(random);
            text.Append(CultureInfo.InvariantCulture, $"{Time(random, format)},{Quoted(random, key)},")
                .Append(Note(random))
                .Append(CultureInfo.InvariantCulture, $",{Quoted(random, Number(random))},{Number(random)}{end}");
            if (random.Next(30) == 0)
                text.Append(random.Next(2) == 0 ? "\n" : "1,2\n");
        }

        return text.ToString();
    }

    private static string Json(Random random, TimeFormat format)
    {
        var text = new StringBuilder();
        var space = random.Next(2) == 0 ? " " : "";
        for (var row = random.Next(60) == 0 ? random.Next(300) : random.Next(140, 260); row >= 0; row--)
        {
            var time = Time(random, format);
            text.Append(format == TimeFormat.Iso ? $"{{\"time\":{space}\"{time}\"," : $"{{\"time\":{space}{time},")
                .Append(CultureInfo.InvariantCulture, $"{space}\"k\":{space}\"{Key(random)}\",{space}\"v\":{space}")
                .Append(Number(random) is { Length: > 0 } number ? number : "null")
                .Append(random.Next(40) switch
                {
                    0 => ",\"w\":{\"a\":1}}\n",
                    1 => ",\"w\":\"\\u0041\"}\n",
                    2 => ",\"w\":01}\n",
                    3 => ",\"x\":[],\"w\":1}\n",
                    4 => ",\"w\":1,\"w\":2}\r\n",
                    5 => "}\n",
                    6 => ",\"w\":true, \"x\" :1}\n",
                    _ => ",\"w\":\"7\"}\n",
                });
        }

        return text.ToString();
    }

    private static string Key(Random random) => random.Next(9) switch
    {
        0 => "café",
        1 => "",
        2 => "a key of more than sixteen bytes " + random.Next(3),
        3 => "1234567890123456",
        _ => "k" + random.Next(30),
    };

    private static string Note(Random random) => random.Next(12) switch
    {
        0 => "5\" pipe",
        1 => "\"a,b\"",
        2 => "\"a\"\"b\"",
        3 => "\"\n\"",
        _ => "x",
    };

    private static string Quoted(Random random, string text) => random.Next(9) == 0 ? $"\"{text}\"" : text;

    private static string Time(Random random, TimeFormat format)
    {
        var time = DateTimeOffset.UnixEpoch.AddMilliseconds(1_772_359_200_000 + random.Next(100_000));
        return format != TimeFormat.Iso ? time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
            : time.ToString(
                random.Next(5) switch { 0 => "O", 1 => "yyyy-MM-dd'T'HH:mm:ss'Z'", _ => "yyyy-MM-dd HH:mm:ss.fff" },
                CultureInfo.InvariantCulture);
    }

    private static string Number(Random random) => random.Next(9) switch
    {
        0 => "9007199254740993",
        1 => "",
        2 => random.NextDouble().ToString(CultureInfo.InvariantCulture),
        3 => "-" + random.Next(1000),
        4 => "1e5",
        _ => (random.Next(100_000) / 10.0).ToString(CultureInfo.InvariantCulture),
    };

    private static async Task<Reading> ReadAsync(EventLayout layout, byte[] text, int chunk, bool isTogether)
    {
        await using var report = new StringWriter();
        var bad = new BadLines(report, isStrict: false);
        var keys = new List<string>();
        var cache = new KeyCache((bytes, length) => IdOf(keys, bytes.AsSpan(0, length)));
        var batch = new RowBatch(Math.Max(1, layout.Measures.Count));
        var rows = new List<string>();
        var together = 0;
        var failure = "";
        await using var reader = new EventReader("a file", new UnevenStream(text, chunk, chunk), layout, bad);
        try
        {
            while (await reader.MoveNextAsync(CancellationToken.None))
            {
                rows.Add(Show(reader.Ticks, IdOf(keys, reader.KeyAt(0)), reader.Measures));
                while (isTogether && reader.TryReadRows(batch, cache, long.MaxValue))
                {
                    together += batch.Count;
                    for (var row = 0; row < batch.Count; row++)
                    {
                        var measures = batch.Measures.Slice(row * reader.Measures.Length, reader.Measures.Length);
                        rows.Add(Show(batch.Ticks[row], batch.KeyIds[row], measures));
                    }
                }
            }
        }
        catch (InvalidDataException exception)
        {
            failure = exception.Message;
        }

        var lines = bad.Lines;
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{lines.Headers} {lines.Events} {lines.Bad} {lines.Blank} {lines.Further}|{report}|{failure}|")
            + string.Join(',', keys);
        return new Reading(rows, said, together);
    }

    private static int IdOf(List<string> keys, ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        var id = keys.IndexOf(text);
        if (id >= 0)
            return id;
        keys.Add(text);
        return keys.Count - 1;
    }

    private static string Show(long ticks, int key, ReadOnlySpan<long> measures) =>
        string.Create(CultureInfo.InvariantCulture, $"{ticks} {key} {string.Join(' ', measures.ToArray())}");

    private sealed record Reading(List<string> Rows, string Said, long Together)
    {
        public override string ToString() => $"{Said}\n{string.Join('\n', Rows)}";
    }
}
