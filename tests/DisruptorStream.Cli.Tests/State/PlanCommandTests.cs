using System.Text.Json;
using DisruptorStream.Building;
using DisruptorStream.Cli.Tests.Commands;
using DisruptorStream.Durability;

namespace DisruptorStream.Cli.Tests.State;

/// <summary>What <c>dstream state plan</c> says of a plan and the state in a directory.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("plan-").FullName;

    private string State => Path.Combine(_directory, "state");

    private string PlanFile => Path.Combine(_directory, "exported.plan");

    [Fact]
    public async Task Plan_OfAFile_SaysWhatBecomesOfEachPart()
    {
        await SuspendAsync();
        Step(10, "count", "more").ToStatePlan().Write(PlanFile);
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "plan", State, "--plan", PlanFile]));

        Assert.Contains("query 'default': kept", LinesOf(run));
        Assert.Contains("metric 'default/count': kept", LinesOf(run));
        Assert.Contains("metric 'default/more': started empty", LinesOf(run));
        Assert.Contains("OnPlanChange is Apply", LinesOf(run)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AnotherWindow_IsRefusedAndExits1()
    {
        await SuspendAsync();
        Step(20, "count").ToStatePlan().Write(PlanFile);
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["state", "plan", State, "--plan", PlanFile, "--json"]));

        using var json = JsonDocument.Parse(run.Error);
        Assert.False(json.RootElement.GetProperty("same").GetBoolean());
        Assert.NotNull(json.RootElement.GetProperty("refused").GetString());
        var query = json.RootElement.GetProperty("parts").EnumerateArray()
            .Single(part => part.GetProperty("kind").GetString() == "query");
        Assert.Equal("impossible", query.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Plan_OfAJob_IsThatOfItsOptions()
    {
        await SuspendAsync();
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(
            ["state", "plan", State, "--time", "time", "--window", "tumbling:1m", "--aggregate", "count"]));

        Assert.Contains(LinesOf(run), line => line.StartsWith("query 'default': impossible", StringComparison.Ordinal));
        Assert.StartsWith("A start is refused.", LinesOf(run)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_OfNothing_ShowsThatOfTheDirectory()
    {
        await SuspendAsync();
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "plan", State]));

        Assert.Contains("query 'default'", LinesOf(run));
        Assert.Contains(LinesOf(run), line => line.Contains("windows: tumbling", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_WhatCannotBeRead_SaysSo()
    {
        await SuspendAsync();
        File.WriteAllText(PlanFile, "no plan");
        using var run = new CommandRun();
        Assert.Equal(1, await run.RunAsAsync(["state", "plan", State, "--plan", PlanFile]));
        Assert.Contains("holds no plan", run.ErrorLines[0], StringComparison.Ordinal);

        using var both = new CommandRun();
        Assert.Equal(2, await both.RunAsAsync(
            ["state", "plan", State, "--plan", PlanFile, "--time", "time"]));

        using var nowhere = new CommandRun();
        Assert.Equal(1, await nowhere.RunAsAsync(["state", "plan", Path.Combine(_directory, "none")]));
        Assert.Contains("There is no directory", nowhere.ErrorLines[0], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string[] LinesOf(CommandRun run) =>
        run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static BuildStep<string> Step(long size, params string[] metrics) => StreamProcessorBuilder
        .ForKeys<string>()
        .TumblingWindows(TimeSpan.FromTicks(size))
        .Aggregate(a =>
        {
            foreach (var metric in metrics)
                a = metric == "count" ? a.Count(metric) : a.Max(metric);
        })
        .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null });

    private async Task SuspendAsync()
    {
        await using var processor = Step(10, "count")
            .DurableIn(State, new DurabilityOptions { SegmentBytes = 1 << 16 }).Build();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
    }
}
