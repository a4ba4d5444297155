using DisruptorStream.Conformance.Running;

namespace DisruptorStream.Conformance.Tests;

/// <summary>The check itself must be able to fail.</summary>
public sealed class VectorCheckTests
{
    private const string Vector = """
        {"id":"x","type":"window","window":{"kind":"tumbling","size_ms":10,"slide_ms":10,"gap_ms":null,"offset_ms":0},
        "time_domain":"event","allowed_lateness_ms":0,"max_out_of_orderness_ms":null,"mode":"accumulating",
        "steps":[{"event":{"key":"k","ts_ms":1,"value":2}},{"watermark_ms":10}],
        "expect":[PANE],"expect_dropped":DROPPED}
        """;

    private const string Right =
        """{"after_step":1,"key":"k","start_ms":0,"end_ms":10,"count":1,"sum":2,"timing":"on_time","index":0}""";

    [Fact]
    public async Task RunAsync_WhatTheEngineDoes_SaysNothing() => Assert.Null(await Difference(Right, "0"));

    [Theory]
    [InlineData("\"after_step\":1", "\"after_step\":0")]
    [InlineData("\"key\":\"k\"", "\"key\":\"other\"")]
    [InlineData("\"start_ms\":0", "\"start_ms\":1")]
    [InlineData("\"end_ms\":10", "\"end_ms\":11")]
    [InlineData("\"count\":1", "\"count\":2")]
    [InlineData("\"sum\":2", "\"sum\":3")]
    [InlineData("on_time", "late")]
    [InlineData("\"index\":0", "\"index\":1")]
    public async Task RunAsync_AnyMemberOfAPaneDiffers_SaysSo(string from, string to)
    {
        var difference = await Difference(Right.Replace(from, to, StringComparison.Ordinal), "0");

        Assert.Contains("missing", difference, StringComparison.Ordinal);
        Assert.Contains("unexpected", difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_PaneIsNotExpected_SaysSo() =>
        Assert.Contains("unexpected", await Difference("", "0"), StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_DropsDiffer_SaysSo() =>
        Assert.Contains("dropped 0, expected 1", await Difference(Right, "1"), StringComparison.Ordinal);

    private static async Task<string?> Difference(string pane, string dropped)
    {
        var text = Vector
            .Replace("PANE", pane, StringComparison.Ordinal)
            .Replace("DROPPED", dropped, StringComparison.Ordinal)
            .ReplaceLineEndings("");
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, text);
            return await VectorCheck.RunAsync(Cases.Vector.ReadFile(path).Single(), RunSettings.Inline);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
