using System.IO.Compression;
using System.Text;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>What <c>dstream run</c> makes of inputs that are written in all manners.</summary>
public sealed class RunReadingTests : IDisposable
{
    private static readonly string[] SayUtf16 = ["--encoding", "utf-16"];

    private readonly CommandRun _run = new();

    [Fact]
    public async Task Run_QuoteWithinAField_SwallowsNothing()
    {
        var input = _run.Write("in.csv", "time,size,v\n1,5\" pipe,1\n2,6\" pipe,2\n3,\\\"x,3\n4,x\"\",4\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count, sum(v)", "--strict"));
        Assert.Equal(["1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,4,10"], _run.Rows);
        Assert.Contains(
            "5 lines = 1 of headers + 4 of events + 0 bad + 0 blank + 0 further ones of quoted fields",
            _run.ErrorLines);
    }

    [Fact]
    public async Task Run_QuoteThatNeverCloses_IsToldAndWhatItSwallowedIsCounted()
    {
        var input = _run.Write("in.csv", "time,a\n1,x\n2,\"y\n3,z\n4,z\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
        Assert.Contains("line 3: the quotes of field 2 open on line 3 and are never closed", _run.Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "5 lines = 1 of headers + 1 of events + 1 bad + 0 blank + 2 further ones of quoted fields",
            _run.ErrorLines);
        Assert.Equal(ExitCode.BadLine, await _run.AggregateAsync(input, "count", "--strict"));
    }

    [Fact]
    public async Task Run_LinesOfAllKinds_AreEachCountedOnce()
    {
        var input = _run.Write(
            "in.csv",
            "\n\"time\",\"a\nb\",v\r\n\r\n1,\"x\n\ny\",1\n0,q,1\n30,q,1\n2,late,1\nbad,x,1\n\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--key", "a\nb"));
        Assert.Contains(
            "12 lines = 1 of headers + 4 of events + 1 bad + 3 blank + 3 further ones of quoted fields",
            _run.ErrorLines);
    }

    [Theory]
    [InlineData("{\"time\":2,\"k\":\"\\ud800\"}")]
    [InlineData("{\"time\":2,\"k\":\"a\\udc00\"}")]
    [InlineData("{\"time\":1e25,\"k\":\"a\"}")]
    [InlineData("{\"time\":2,\"k\":[1]}")]
    [InlineData("{\"time\":2,\"k\":")]
    public async Task Run_BadLineOfJson_DoesNotEndTheJob(string line)
    {
        var input = _run.Write(
            "in.ndjson", $"{{\"time\":1,\"k\":\"a\"}}\n{line}\n{{\"time\":3,\"k\":\"a\",\"\\ud800\":1}}\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--key", "k"));
        Assert.Equal(["a,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2"], _run.Rows);
        Assert.Contains("skipped", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeysThatAreNotUtf8_AreBadUnlessTheEncodingIsSaid()
    {
        var input = _run.Write("in.csv", Encoding.Latin1.GetBytes("time,k\n1,caf\u00e9\n2,caf\u00e8\n3,plain\n"));

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--key", "k"));
        Assert.Equal(["plain"], _run.Rows.Select(row => row.Split(',')[0]));
        Assert.Contains("--encoding latin1", _run.Error, StringComparison.Ordinal);
        foreach (var encoding in new[] { "latin1", "windows-1252" })
        {
            Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
                input, "count", "--key", "k", "--encoding", encoding));
            Assert.Equal(["caf\u00e9", "caf\u00e8", "plain"], _run.Rows.Select(row => row.Split(',')[0]));
        }
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public async Task Run_Utf16_IsReadByItsMarkOrAsSaid(string encoding, bool hasMark)
    {
        var encoded = Encoding.GetEncoding(encoding);
        var mark = hasMark ? encoded.GetPreamble() : [];
        var input = _run.Write("in.csv", [.. mark, .. encoded.GetBytes("time,k\n1,\u00e9\ud83d\ude00\u4e2d\n")]);

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "count", ["--key", "k", .. hasMark ? [] : SayUtf16]));
        Assert.Equal(["\u00e9\ud83d\ude00\u4e2d"], _run.Rows.Select(row => row.Split(',')[0]));
        if (hasMark)
            return;
        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains("--encoding utf-16", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RowsOfAnotherLength_AreBadUnlessRagged()
    {
        var input = _run.Write("in.csv", "time,v,w\n1,1,1\n2,2\n3,3,3,3\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count, sum(v)"));
        Assert.EndsWith("on_time,1,1", Assert.Single(_run.Rows), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count, sum(v), sum(w)", "--ragged"));
        Assert.EndsWith("on_time,3,6,4", Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HeaderNamesTwice_IsOneWhereItIsAskedFor()
    {
        var input = _run.Write("in.csv", "time,v,v\n1,1,1\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "sum(v)"));
        Assert.Contains("names 'v' twice", _run.Error, StringComparison.Ordinal);
        Assert.Equal(["  --aggregate sum(v)", "                  ^"], _run.ErrorLines[^2..]);
    }

    [Theory]
    [InlineData("9007199254740993\n9007199254740995",
        "9007199254740993,9007199254740995,9007199254740993,9007199254740995")]
    [InlineData("9223372036854775807\n-9223372036854775808",
        "-9223372036854775808,9223372036854775807,9223372036854775807,-9223372036854775808")]
    [InlineData("9007199254740993\n0.5", "0.5,9007199254740992,9007199254740992,0.5")]
    [InlineData("9007199254740993\n\n7.0", "7,9007199254740993,9007199254740993,7")]
    [InlineData("100000000000000001\ninf",
        "100000000000000001,100000000000000001,100000000000000001,100000000000000001")]
    public async Task Run_LargeIntegers_KeepTheirDigits(string values, string expected)
    {
        var lines = values.Split('\n').Select((value, index) => $"{index + 1},{value}\n");
        var input = _run.Write("in.csv", "time,v\n" + string.Concat(lines));

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "min(v), max(v), first(v), last(v)"));
        Assert.EndsWith("on_time," + expected, Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LargeIntegersInATableAndInJson_KeepTheirDigits()
    {
        var input = _run.Write("in.csv", "time,v\n1,9007199254740993\n12,5\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "max(v)", "--output-format", "table"));
        Assert.Equal(
            ["  9,007,199,254,740,993", "                      5"],
            _run.Rows[^2..].Select(row => row["1970-01-01 00:00:00  1970-01-01 00:00:10".Length..]));
        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "max(v)", "--output-format", "ndjson"));
        Assert.StartsWith(
            """{"window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z","pane":"on_time","""
                + "\"max_v\":9007199254740993}",
            _run.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LateEvents_AreWrittenAsTheyWere()
    {
        var input = _run.Write("in.csv", "time,v,k,w\n100,1,1,1\n1,9007199254740993,1.0,0.5\n");
        var late = _run.PathOf("late.csv");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "max(v), distinct(k), sum(k), arg_max(w, v)", "--late-output", late));
        Assert.Equal(
            ["time,v,k,w,reason", "1970-01-01T00:00:01Z,9007199254740993,1.0,0.5,Late"],
            await File.ReadAllLinesAsync(late));
    }

    [Theory]
    [InlineData("distinct(id)")]
    [InlineData("distinct(id), max(id)")]
    [InlineData("distinct(id), top(1, id), p50(id), arg_max(id, time)")]
    public async Task Run_Distinct_IsByTheTextAsWritten(string aggregates)
    {
        var input = _run.Write(
            "in.csv", "time,id\n1,9007199254740992\n2,9007199254740993\n3,1\n4,1.0\n5,01\n6,1\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, aggregates));
        Assert.Contains("on_time,5", Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ArgMax_ShowsTextsAndNumbers()
    {
        var input = _run.Write(
            "in.csv", "time,place,id,mag\n1,\"Here, there\",0,1\n2,Ost,9007199254740993,5\n3,,7,9\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "arg_max(place, mag), arg_min(place, mag), arg_min(id, mag) as low, arg_max(mag, mag) as m, "
                + "arg_max(id, time) as last, min(id)"));
        Assert.EndsWith("on_time,Ost,\"Here, there\",0,9,7,0", Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum(valeu)", "valeu", "did you mean 'value'?")]
    [InlineData("sum(user.idd)", "user.idd", "did you mean 'user.id'?")]
    public async Task Run_MemberThatNoLineHad_IsOneAndNamesTheNearest(string aggregates, string name, string hint)
    {
        var input = _run.Write("in.ndjson", "{\"time\":1,\"value\":2,\"user\":{\"id\":3}}\n");

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, aggregates));
        Assert.Contains($"No line has a member '{name}'; {hint}", _run.Error, StringComparison.Ordinal);
        Assert.EndsWith("^", _run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AMemberThatNoLineHad_IsFoundInLinesThatAreDeepOrHaveNamesThatAreNoText()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500);
        foreach (var line in new[] { $"{{\"time\":1,\"deep\":{deep}}}", "{\"\\ud800\":1,\"time\":1}" })
        {
            Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(_run.Write("in.ndjson", line), "sum(v)"));
            Assert.Contains("No line has a member 'v'; there are ", _run.Error, StringComparison.Ordinal);
            Assert.Contains("time", _run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_PathsOfJson_AreKeysAndMeasures()
    {
        var input = _run.Write("in.ndjson", """
            {"time":1,"user":{"id":"a"},"items":[{"price":2}]}
            {"time":2,"user":{"id":"b"},"items":[]}
            {"time":3,"user":{"id":"a"},"items":[{"price":3},{"price":9}]}
            """);

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "count, sum(items[0].price) as s", "--key", "user.id"));
        Assert.Equal(["a,2,5", "b,1,0"], _run.Rows.Select(row => string.Join(',', row.Split(',')
            .Where((_, index) => index is 0 or > 3))).Order());
    }

    [Fact]
    public async Task Run_ColumnOfText_IsToldOnceAndIsOneWhereNothingIsLeft()
    {
        var input = _run.Write(
            "in.csv", "time,name\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},x\n")));

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "sum(name)"));
        Assert.Single(_run.ErrorLines, line => line.StartsWith("skipped", StringComparison.Ordinal));
        Assert.Contains("40 of them have text in 'name'", _run.Error, StringComparison.Ordinal);
        Assert.EndsWith("^^^^", _run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in.csv.gz")]
    [InlineData("in.csv.zst")]
    [InlineData("anything")]
    public async Task Run_Compressed_IsReadByItsFirstBytes(string name)
    {
        var text = "\uFEFFtime,v\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"1,{i}\n"));
        var bytes = name.EndsWith(".zst", StringComparison.Ordinal) ? Zstd(text) : Gzip(text);

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(_run.Write(name, bytes), "count, max(v)"));
        Assert.EndsWith("on_time,2000,1999", Assert.Single(_run.Rows), StringComparison.Ordinal);
        foreach (var cut in new[] { 3, 8, bytes.Length / 2 })
        {
            Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(_run.Write(name, bytes[..^cut]), "count, max(v)"));
            Assert.Contains("is damaged or cut off", _run.Error, StringComparison.Ordinal);
        }

        byte[] twice = [.. bytes, .. name.EndsWith(".zst", StringComparison.Ordinal) ? Zstd("9,5\n") : Gzip("9,5\n")];
        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(_run.Write(name, twice), "count, max(v)"));
        Assert.EndsWith("on_time,2001,1999", Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CompressedJson_IsKnownByItsName()
    {
        var input = _run.Write("in.ndjson.gz", Gzip("{\"time\":1}\n"));

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0 }, "ZIP archive")]
    [InlineData(new byte[] { (byte)'P', (byte)'A', (byte)'R', (byte)'1', 21, 0, 21, 1 }, "Parquet")]
    [InlineData(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4 }, "xz")]
    [InlineData(new byte[] { 1, 2, 3, 0, 0, 7, 1, (byte)'a', 0xFF }, "binary data")]
    public async Task Run_Binary_IsNamedInWords(byte[] bytes, string expected)
    {
        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(_run.Write("in.csv", bytes), "count"));
        Assert.Contains(expected, _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ZeroByteInAValue_IsALineLikeOthers()
    {
        var input = _run.Write("in.csv", "time,k\n1,\0\n2,a\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--key", "k"));
        Assert.Equal(2, _run.Rows.Length);
    }

    [Theory]
    [InlineData("time,\u001b[31mv\n\u001b]0;x\u0007,1\n", "sum(w)")]
    [InlineData("time,v\n\u001b]0;x\u0007,1\n2,\u009b5A\n3,\u202e\n", "sum(v)")]
    [InlineData("time,v\n1,1\n", "sum(\u001b[2J)")]
    [InlineData("time,v\n1,1\n", "\u001b[2J(v)")]
    [InlineData("time,\"v\u001b[1m\"\n1,\"\u0007\"\n", "sum(v\u001b[1m)")]
    public async Task Run_ControlCharacters_AreNotEchoed(string text, string aggregates)
    {
        await _run.AggregateAsync(_run.Write("in.csv", text), aggregates, "--output-format", "table");

        var shown = string.Concat(_run.Error, _run.Text).ReplaceLineEndings("");
        Assert.DoesNotContain(shown, one => char.IsControl(one) || one == '\u202e');
    }

    public void Dispose() => _run.Dispose();

    private static byte[] Gzip(string text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }

    private static byte[] Zstd(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }
}
