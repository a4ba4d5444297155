using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Streams;

namespace DisruptorStream.Tests.Emission.Views;

/// <summary>Where only the best are shown, a view holds the newest list of each group, and nothing else.</summary>
public sealed class LatestListsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Gen<TopCall[]> Calls { get; } =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[-3, 3]).Array[1, 80].Select(
            calls => calls.Select((call, at) => new TopCall(
                (at * 2) + call.Item1, $"t{call.Item2}", call.Item3, call.Item4)).ToArray());

    /// <summary>After each event the view is what the rows of the lists so far say, late lists included.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Read_AnyStream_IsTheNewestListOfEachGroup(ExecutionMode mode) =>
        await Gen.Select(Calls, Gen.Int[0, 30], Gen.Int[1, 4], Gen.Bool).SampleAsync(
            async (calls, lateness, count, withinTenant) =>
            {
                var (lists, latest) = (new CollectingSink<(string, int)>(), new LatestResults<(string, int)>());
                await using var stream = new TestQuery(mode, lateness, count, withinTenant).To(lists, latest).Build();
                if (mode != ExecutionMode.Inline)
                    stream.Start();
                foreach (var call in calls)
                {
                    stream.Publish(call);
                    await stream.FlushAsync(Token);
                    Check();
                }

                await stream.StopAsync(StopMode.Complete, Token);
                Check();

                void Check() => Assert.Equal(
                    NewestLists(lists.Results, withinTenant), latest.Read().Select(TextOf).Order());
            },
            iter: mode == ExecutionMode.Inline ? 200 : 15,
            threads: 1);

    [Fact]
    public async Task TryGet_KeyThatHasLeftTheList_IsNotThere()
    {
        var latest = new LatestResults<(string, int)>();
        await using var stream = new TestQuery(ExecutionMode.Inline, 0, 1, WithinTenant: true).To(latest).Build();
        stream.Publish([
            new(1, "a", 1, 5), new(2, "a", 2, 3), new(3, "b", 1, 1), new(11, "a", 2, 9), new(25, "c", 1, 1),
        ]);

        Assert.False(latest.TryGet(("a", 1), out _));
        Assert.True(latest.TryGet(("a", 2), out var best));
        Assert.Equal((1, 20L), (best.Rank, best.Window.EndTicks));

        // Nothing of its tenant came in the newer window.
        Assert.True(latest.TryGet(("b", 1), out _));
    }

    /// <summary>What a list replaces makes room for it: nothing else has to go.</summary>
    [Fact]
    public async Task Read_ListsAsLargeAsTheView_DisplaceNothing()
    {
        var latest = new LatestResults<(string, int)>(capacity: 4);
        await using var stream = new TestQuery(ExecutionMode.Inline, 0, 2, WithinTenant: true).To(latest).Build();
        for (var time = 0; time < 500; time++)
            stream.Publish(new TopCall(time, $"t{time % 2}", time / 2, 1 + (time % 7)));

        Assert.Equal((4, 0L), (latest.Count, latest.Displaced));
    }

    /// <summary>With less room than the lists have rows, it is bounded all the same, and says what went.</summary>
    [Fact]
    public async Task Read_ListsLargerThanTheView_KeepTheNewestRows()
    {
        var latest = new LatestResults<(string, int)>(capacity: 3);
        await using var stream = new TestQuery(ExecutionMode.Inline, 0, 2, WithinTenant: true).To(latest).Build();
        for (var time = 0; time < 500; time++)
            stream.Publish(new TopCall(time, $"t{time % 2}", time / 2 % 9, 1 + (time % 7)));

        Assert.Equal(3, latest.Count);
        Assert.True(latest.Displaced > 0);
    }

    private static IEnumerable<string> NewestLists(
        IReadOnlyList<WindowResult<(string Tenant, int User)>> rows, bool withinTenant) => rows
        .GroupBy(row => withinTenant ? row.Key.Tenant : "")
        .SelectMany(group =>
        {
            var end = group.Max(row => row.Window.EndTicks);
            var window = group.Where(row => row.Window.EndTicks == end).ToList();
            var list = window.Max(row => row.PaneIndex);
            return window.Where(row => row.PaneIndex == list).Select(TextOf);
        })
        .Order();

    private static string TextOf(WindowResult<(string, int)> row) =>
        $"{row.Key} {row.Window.EndTicks} #{row.Rank} list {row.PaneIndex} {row["cost"]}";

    /// <summary>A stream of one query, whose lists go to some sinks.</summary>
    private sealed record TestQuery(ExecutionMode Mode, int Lateness, int Count, bool WithinTenant)
    {
        public StreamStep<TopCall> To(params IResultSink<(string, int)>[] sinks) => StreamProcessorBuilder
            .For<TopCall>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("costs", query => sinks.Aggregate(
                query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                    .AllowedLateness(TimeSpan.FromTicks(Lateness)).Aggregate(a => a.Sum("cost"))
                    .Top(Count, "cost", within: WithinTenant ? ["tenant"] : []),
                (step, sink) => step.To(sink)))
            .WithOptions(Processors.Options(Mode));
    }
}
