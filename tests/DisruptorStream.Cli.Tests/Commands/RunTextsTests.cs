using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>What <c>dstream run</c> shows of an input is what is written there.</summary>
public sealed class RunTextsTests : IDisposable
{
    private readonly CommandRun _run = new();

    [Theory]
    [InlineData("00123")]
    [InlineData("1e2")]
    [InlineData("2.50")]
    [InlineData("+7")]
    [InlineData("-0")]
    [InlineData("0")]
    [InlineData("0.1")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992")]
    [InlineData("1772359202123456")]
    [InlineData("1E+300")]
    [InlineData("1e400")]
    [InlineData("a b")]
    public async Task Run_AShownCell_IsShownAsItIsWritten(string text)
    {
        var input = _run.Write("in.csv", $"time,t,v\n1,x,1\n2,{text},2\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "arg_max(t, v)"));
        Assert.Equal($"1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,{text}", Assert.Single(_run.Rows));
    }

    [Theory]
    [InlineData("1e2", "1e2")]
    [InlineData("2.50", "2.50")]
    [InlineData("1772359202123456", "1772359202123456")]
    [InlineData("\"00123\"", "\"00123\"")]
    [InlineData("\"7\"", "\"7\"")]
    [InlineData("7", "7")]
    [InlineData("\"2.50\"", "\"2.50\"")]
    [InlineData("true", "true")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("\"\\u0022x\"", "\"\\u0022x\"")]
    public async Task Run_AShownValueOfJson_IsShownAsItIsWritten(string value, string expected)
    {
        var input = _run.Write("in.ndjson", $"{{\"time\":1,\"t\":{value},\"v\":1}}\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "arg_max(t, v) as t", "--output-format", "ndjson"));
        Assert.EndsWith($"\"t\":{expected}}}\n", _run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DroppedEvents_ShowTheirIntegersAndTexts()
    {
        var input = _run.Write("in.csv", "time,v,w,t\n50,1,1,x\n1,9007199254740993,0.5,00123\n");
        var late = _run.PathOf("late.csv");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "sum(v), avg(w), arg_min(t, v)", "--late-output", late));
        Assert.Equal(
            ["time,v,w,t,reason", "1970-01-01T00:00:01Z,9007199254740993,0.5,00123,Late"],
            await File.ReadAllLinesAsync(late));
    }

    [Fact]
    public async Task Run_DroppedEventsOfJson_HaveTheTypesOfTheInput()
    {
        const string Members = """
            "v":"007","w":7,"d":1.50,"m":9007199254740993,"id":"7","k":7,"b":true,"x":"true","q":"\u0022a"
            """;
        var input = _run.Write("in.ndjson", $"{{\"time\":50,{Members}}}\n{{\"time\":1,{Members}}}\n");
        var late = _run.PathOf("late");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input,
            "sum(v), sum(w), sum(d), max(m), distinct(id), top(1, k), arg_max(b, w), arg_max(x, w), arg_max(q, w)",
            "--late-output",
            late,
            "--output-format",
            "ndjson"));
        Assert.Equal(
            $"{{\"time\":\"1970-01-01T00:00:01Z\",{Members},\"reason\":\"Late\"}}\n",
            await File.ReadAllTextAsync(late));
    }

    [Fact]
    public async Task Run_DroppedEventsOfCsv_AreNumbersWhereTheirColumnIsOne()
    {
        var input = _run.Write("in.csv", "time,v,n,id,k,t,z,y\n50,1,1,1,1,1,1,1\n1,007,1.0,7,12,\"\"\"a\",007,+7\n");
        var late = _run.PathOf("late");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input,
            "sum(v), sum(n), distinct(n), distinct(id), arg_max(k, v), arg_min(t, v), sum(z), distinct(z), sum(y), "
                + "arg_max(y, v)",
            "--late-output",
            late,
            "--output-format",
            "ndjson"));
        Assert.Equal(
            """
            {"time":"1970-01-01T00:00:01Z","v":7,"n":1.0,"id":"7","k":"12","t":"\u0022a","z":7,"y":7,"reason":"Late"}

            """,
            await File.ReadAllTextAsync(late));
    }

    [Fact]
    public async Task Run_DroppedEventsWithoutAValue_HaveNone()
    {
        var input = _run.Write("in.ndjson", "{\"time\":50,\"v\":1,\"k\":\"x\"}\n{\"time\":1,\"v\":null}\n");
        var late = _run.PathOf("late");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(
            input, "sum(v), top(1, k)", "--late-output", late, "--output-format", "ndjson"));
        Assert.Equal(
            "{\"time\":\"1970-01-01T00:00:01Z\",\"v\":null,\"k\":null,\"reason\":\"Late\"}\n",
            await File.ReadAllTextAsync(late));
    }

    [Theory]
    [InlineData("1e400", "is beyond the numbers of 64 bits")]
    [InlineData("-1e400", "is beyond the numbers of 64 bits")]
    [InlineData("5\0", "is not a number")]
    [InlineData("5.5\0\0", "is not a number")]
    public async Task Run_WhatIsNoNumberOfADouble_IsABadLine(string text, string problem)
    {
        var input = _run.Write("in.csv", $"time,v\n1,{text}\n2,2\n3,inf\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count, sum(v)"));
        Assert.EndsWith("on_time,2,2", Assert.Single(_run.Rows), StringComparison.Ordinal);
        Assert.Contains(problem, _run.Error, StringComparison.Ordinal);
        Assert.Contains("1 line could not be read", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ATimeWithZeroBytes_IsABadLine()
    {
        var input = _run.Write("in.csv", "time\n1.5\0\n2\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
        Assert.EndsWith("on_time,1", Assert.Single(_run.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LinesThatEndWithReturns_AreLines()
    {
        var input = _run.Write("in.csv", "time,k,v\r1,\"a\rb\",2\r\r2,c,3\n3,c,x\r\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count, sum(v)"));
        Assert.EndsWith("on_time,2,5", Assert.Single(_run.Rows), StringComparison.Ordinal);
        Assert.Contains("in.csv, line 6: 'x'", _run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "6 lines = 1 of headers + 2 of events + 1 bad + 1 blank + 1 further ones of quoted fields",
            _run.ErrorLines);
    }

    [Fact]
    public async Task Run_FilesOfOneNameInSeveralFolders_AreSeveralKeys()
    {
        Directory.CreateDirectory(_run.PathOf("d1"));
        Directory.CreateDirectory(_run.PathOf("d2"));
        var (one, two) = (_run.Write("d1/x.csv", "time\n1\n"), _run.Write("d2/x.csv", "time\n1\n2\n"));
        var other = _run.Write("other.csv", "time\n1\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(one, "count", "--key", "@file", two, other));
        Assert.Equal(
            [(one, "1"), (two, "2"), ("other.csv", "1")],
            _run.Rows.Select(row => row.Split(',')).Select(cells => (cells[0], cells[^1])).Order());
    }

    [Fact]
    public async Task Run_AMarkThatSaysTheEncoding_AdvisesNoOther()
    {
        var input = _run.Write("in.csv", [.. "\uFEFFtime,k\n1,"u8, 0xE9, .. "\n2,x\n"u8]);

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--key", "k"));
        Assert.Contains("has bytes that are no characters", _run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--encoding", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LinesOfJsonAsCsv_SaysSo()
    {
        var input = _run.Write("in.txt", "{\"time\":1,\"v\":2}\n");

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains("looks like lines of JSON; use --format ndjson", _run.Error, StringComparison.Ordinal);
        input = _run.Write("in.txt", "{ \"time\": 1}\n");
        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains("looks like lines of JSON; use --format ndjson", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time;v\n1;2\n", "looks separated by semicolons")]
    [InlineData("time\tv\n1\t2\n", "looks separated by tabs")]
    [InlineData("time|v\n1|2\n", "looks separated by vertical bars")]
    [InlineData("sep=;\ntime;v\n", "looks separated by semicolons")]
    public async Task Run_FieldsThatNoCommasSeparate_SaysSo(string text, string expected)
    {
        var input = _run.Write("in.csv", text);

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains(expected, _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnEncodingThatIsSaid_AdvisesNoOther()
    {
        var input = _run.Write("in.csv", "time,v\n1,2\n3,4\n"u8.ToArray());

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count", "--encoding", "utf-16"));
        Assert.DoesNotContain("--encoding", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TextInUtf32_IsNotSaidToBeNoText()
    {
        var input = _run.Write("in.csv", [0xFF, 0xFE, 0, 0, (byte)'t', 0, 0, 0]);

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains("is text in UTF-32; dstream reads UTF-8 and UTF-16", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NamesInCapitals_SayTheFormatAsWell()
    {
        var input = _run.Write("in.NDJSON", "{\"time\":1}\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
    }

    [Fact]
    public async Task Run_OneLineThatAQuoteTakes_IsOneLine()
    {
        var input = _run.Write("in.csv", "time,k\n1,x\n2,\"\n3,x\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
        Assert.Contains("what follows belongs to them, 1 further line\n", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SomethingElseBehindZstdData_IsDamage()
    {
        using var compressor = new ZstdSharp.Compressor();
        var input = _run.Write(
            "in.csv.zst", [.. compressor.Wrap("time\n1\n"u8), .. "time,v\n"u8]);

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "count"));
        Assert.Contains("is damaged", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in.csv", "time,k\n1,x\n2,\"", "it is longer than 16 MB; the double quote that opens on line 3 may")]
    [InlineData("in.csv", "time,k\n1,x\n2,", "line 3: it is longer than 16 MB\n")]
    [InlineData("in.ndjson", "{\"time\":1}\n{\"k\":\"", "line 2: it is longer than 16 MB\n")]
    public async Task Run_ARecordThatIsTooLong_NamesTheQuoteThatMayBeAtFault(string name, string text, string expected)
    {
        var input = _run.Write(name, text + new string('x', 18 << 20) + "\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count"));
        Assert.Contains(expected, _run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AMistakeInAColumn_LeavesTheOutputAsItIs()
    {
        var input = _run.Write("in.csv", "time,v\n1,1\n");
        var (old, fresh) = (_run.Write("old.csv", "precious"), _run.PathOf("fresh.csv"));

        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(
            input, "sum(vv)", "--late-output", old));
        Assert.Equal("precious", await File.ReadAllTextAsync(old));
        Assert.Equal(ExitCode.Failed, await _run.AggregateAsync(input, "sum(vv)", "--late-output", fresh));
        Assert.False(File.Exists(fresh));
        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "sum(v)", "--late-output", old));
        Assert.Equal("time,v,reason\n", await File.ReadAllTextAsync(old));
    }

    public void Dispose() => _run.Dispose();
}
