using System.Globalization;
using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Streams;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Properties.Queries;

/// <summary>
/// Random queries over random streams, with filters, several sizes of windows, sessions, lists and readers of panes:
/// each shows what a plain model of it alone shows, in every mode, also when it is saved and loaded on the way.
/// </summary>
public sealed class StreamEqualsModelTests
{
    private const int InlineCases = 2000;
    private const int ThreadedCases = 200;
    private const int RestartedCases = 40;

    private static readonly Gen<(long Size, long Slide)> Sizes = Gen.Select(
        Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 1], (slide, slides, wide) =>
        ((long)slide * slides * (wide == 0 ? 1 : 5), (long)slide * (wide == 0 ? 1 : 5)));

    // Sizes that are named must differ.
    private static readonly Gen<(long Size, long Slide)[]> SeveralSizes =
        Sizes.Array[1, 3].Select(sizes => sizes.DistinctBy(one => one.Size).ToArray());

    private static readonly Gen<QueryShape> Shapes = Gen.Select(
        Gen.Select(Gen.Int[0, 2], Gen.OneOf(Gen.Const((int?)null), Gen.Int[-2, 4].Select(least => (int?)least))),
        SeveralSizes,
        Gen.Select(Gen.Int[0, 4], Gen.Long[1, 9]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 25]),
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 3], Gen.Bool),
        Gen.Select(Gen.Int[0, 1], Gen.Bool, SeveralSizes),
        (what, sizes, session, lateness, top, reader) =>
        {
            var (hasSessions, hasTop) = (session.Item1 == 0, top.Item1 == 0);
            var hasReader = reader.Item1 == 0 && !hasSessions && !hasTop;
            return new QueryShape(
                what.Item1,
                what.Item2,
                hasSessions ? [] : hasTop ? sizes[..1] : sizes,
                session.Item2,
                hasSessions ? 0 : lateness,
                hasTop && !hasSessions ? top.Item2 : 0,
                what.Item1 == 2 && top.Item3,
                hasReader ? new ReaderShape(reader.Item2, reader.Item3) : null);
        });

    // Time creeps on, now and then it leaps, and events are out of order.
    private static readonly Gen<Order[]> Orders = Gen.Select(
        Gen.Frequency((9, Gen.Long[0, 2]), (1, Gen.Long[3, 40])),
        Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[1, 30])),
        Gen.Int[0, 2],
        Gen.Int[0, 3],
        Gen.Int[-3, 6]).Array[1, 120].Select(steps =>
        {
            var time = -60L;
            return steps.Select(step => new Order(
                (time += step.Item1) - step.Item2, $"t{step.Item3}", step.Item4, step.Item5)).ToArray();
        });

    // Events that come one by one have ways of their own.
    private static readonly Gen<int> Batches = Gen.Frequency((1, Gen.Const(1)), (2, Gen.Int[2, 40]));

    private readonly ITestOutputHelper _output;

    public StreamEqualsModelTests(ITestOutputHelper output) => _output = output;

    [Theory]
    [InlineData(ExecutionMode.Inline, InlineCases)]
    [InlineData(ExecutionMode.Fused, ThreadedCases)]
    [InlineData(ExecutionMode.Staged, ThreadedCases)]
    public Task Results_AnyQueriesAndEvents_EqualTheModel(ExecutionMode mode, int cases) =>
        CheckAsync([mode], batchesPerRestart: 0, cases);

    /// <summary>After each batch another stream goes on from the saved state, in each mode in turn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Results_SavedAndLoadedOnTheWay_EqualTheModel(int batchesPerRestart) => CheckAsync(
        [ExecutionMode.Inline, ExecutionMode.Staged, ExecutionMode.Fused], batchesPerRestart, RestartedCases);

    private async Task CheckAsync(ExecutionMode[] modes, int batchesPerRestart, int cases)
    {
        var seed = PCG.Parse(PCG.ThreadPCG.ToString()).ToString();
        _output.WriteLine($"start value {seed}");
        var (panes, read, ranked, late) = (0L, 0L, 0L, 0L);
        await Gen.Select(Shapes.Array[1, 5], Orders, Gen.Long[0, 8], Batches).SampleAsync(
            async (shapes, orders, bound, batch) =>
            {
                var expected = Array.ConvertAll(shapes, shape => Model(shape, orders, bound));
                var actual = await RunAsync(shapes, orders, bound, batch, modes, batchesPerRestart);
                for (var query = 0; query < shapes.Length; query++)
                {
                    Check(shapes[query], expected[query].Panes, actual[query].Panes);
                    Check(shapes[query], expected[query].Read, actual[query].Read);
                    panes += expected[query].Panes.Count;
                    read += expected[query].Read.Count;
                    ranked += expected[query].Panes.Count(pane => pane.Rank > 0);
                    late += expected[query].Panes.Count(pane => pane.IsLate);
                }
            },
            seed: seed,
            iter: cases,
            threads: 1);
        var counts = string.Create(
            CultureInfo.InvariantCulture, $"{panes} panes, {ranked} in lists, {late} late; {read} of readers");
        _output.WriteLine(counts);
        Assert.True(panes > cases * 50L && ranked > cases && late > cases && read > cases, counts);
    }

    private static void Check(QueryShape shape, List<NaivePane> expected, List<NaivePane> actual)
    {
        if (expected.SequenceEqual(actual))
            return;
        var same = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var first = Math.Max(0, same - 1);
        Assert.Fail(string.Join(Environment.NewLine, [
            $"{shape}: of {expected.Count} from pane {first} on, the model:",
            .. expected.Skip(first).Take(5).Select(pane => pane.ToString()),
            $"of {actual.Count}, the stream:",
            .. actual.Skip(first).Take(5).Select(pane => pane.ToString()),
        ]));
    }

    private static NaiveQuery Model(QueryShape shape, Order[] orders, long bound)
    {
        var model = new NaiveQuery(shape, bound);
        foreach (var order in orders)
            model.Take(order);
        model.End();
        return model;
    }

    private static async Task<EngineQuery[]> RunAsync(
        QueryShape[] shapes, Order[] orders, long bound, int batch, ExecutionMode[] modes, int batchesPerRestart)
    {
        var queries = shapes.Select((shape, number) => new EngineQuery(shape, number)).ToArray();
        var steps = Array.ConvertAll(modes, mode => StepOf(queries, bound, mode));
        var stream = steps[0].Build();
        stream.Start();
        var batches = 0;
        foreach (var chunk in orders.Chunk(batch))
        {
            if (batch == 1)
                stream.Publish(in chunk[0]);
            else
                stream.Publish(chunk);
            if (batchesPerRestart > 0 && ++batches % batchesPerRestart == 0)
                stream = await RestartAsync(stream, steps[batches / batchesPerRestart % steps.Length]);
        }

        await stream.StopAsync(StopMode.Complete);
        await stream.DisposeAsync();
        return queries;
    }

    private static async Task<EventStream<Order>> RestartAsync(EventStream<Order> stream, StreamStep<Order> step)
    {
        using var state = new MemoryStream();
        await stream.SaveStateAsync(state);
        await stream.DisposeAsync();
        state.Position = 0;
        var next = step.Load(state);
        next.Start();
        return next;
    }

    private static StreamStep<Order> StepOf(EngineQuery[] queries, long bound, ExecutionMode mode)
    {
        var step = queries[0].AddTo(StreamProcessorBuilder.For<Order>()
            .EventTime(order => order.Time)
            .Measure("cost", order => order.Cost)
            .Key("tenant", order => order.Tenant)
            .Key("user", order => order.User));
        foreach (var query in queries.AsSpan(1))
            step = query.AddTo(step);
        return step
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(bound) })
            .WithOptions(new StreamProcessorOptions
            {
                Mode = mode,
                RingCapacity = 64,
                FutureSkewLimit = null,
                LateEventThreshold = TimeSpan.Zero,
            });
    }
}
