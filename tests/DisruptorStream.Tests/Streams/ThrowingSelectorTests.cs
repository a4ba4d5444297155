using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Streams;

/// <summary>
/// User code that throws while events are read: those before are published whole, the others not at all.
/// </summary>
public sealed class ThrowingSelectorTests
{
    private const int Thrower = 5;

    /// <summary>Who throws at the sixth event.</summary>
    public enum Place
    {
        /// <summary>The selector of the time.</summary>
        Time,

        /// <summary>That of the measure.</summary>
        Measure,

        /// <summary>The filter of a query.</summary>
        Filter,

        /// <summary>The filter of a metric.</summary>
        Where,

        /// <summary>The selector of the first key.</summary>
        FirstKey,

        /// <summary>That of the last key.</summary>
        LastKey,

        /// <summary>The hash code of a key.</summary>
        HashCode,
    }

    public static TheoryData<Place, ExecutionMode> Cases
    {
        get
        {
            var data = new TheoryData<Place, ExecutionMode>();
            foreach (var place in Enum.GetValues<Place>())
            {
                data.Add(place, ExecutionMode.Inline);
                data.Add(place, ExecutionMode.Fused);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Publish_OneThrows_ThoseBeforeAreWholeAndTheRestGoesOn(Place place, ExecutionMode mode)
    {
        var (byFirst, byLast, byBoth) = (new List<string>(), new List<string>(), new List<string>());
        await using var stream = Build(place, mode, byFirst, byLast, byBoth);
        stream.Start();
        var publisher = stream.CreateEventPublisher("source");

        // Another block before, so that what it has left behind differs.
        publisher.Publish([.. Enumerable.Range(90, 9)]);
        foreach (var way in (Func<int[], int>[])[
            events => PublishedCount.Of(Assert.Throws<IOException>(() => publisher.Publish(events))),
            events => publisher.TryPublish(events),
            events => PublishedCount.Of(
                Assert.Throws<IOException>(() =>
                    publisher.PublishAsync(events.AsMemory()).AsTask().GetAwaiter().GetResult())),
        ])
        {
            Assert.Equal(Thrower, way([.. Enumerable.Range(0, 10)]));
            Assert.Throws<IOException>(() => publisher.Publish(Thrower));
            Assert.Throws<IOException>(() => publisher.TryPublish(Thrower));
            publisher.Publish([6, 7]);
        }

        await stream.StopAsync(StopMode.Complete);
        int[] whole = [0, 1, 2, 3, 4, 6, 7];
        Assert.Equal(
            whole.Select(one => $"f{one}:3").Concat(Enumerable.Range(90, 9).Select(one => $"f{one}:1")).Order(),
            byFirst.Order());
        Assert.Equal(
            whole.Select(one => $"l{one}:3").Concat(Enumerable.Range(90, 9).Select(one => $"l{one}:1")).Order(),
            byLast.Order());
        Assert.Equal(
            whole.Select(one => $"(f{one}, l{one}):3")
                .Concat(Enumerable.Range(90, 9).Select(one => $"(f{one}, l{one}):1")).Order(),
            byBoth.Order());
    }

    private static EventStream<int> Build(
        Place place, ExecutionMode mode, List<string> byFirst, List<string> byLast, List<string> byBoth)
    {
        bool Is(Place wanted, int one) =>
            place == wanted && one == Thrower ? throw new IOException("unreadable") : true;
        return StreamProcessorBuilder.For<int>()
            .EventTime(one => Is(Place.Time, one) ? 1L : 0)
            .Measure("value", one => Is(Place.Measure, one) ? 1.0 : 0)
            .Key("first", one => Is(Place.FirstKey, one) ? $"f{one}" : null)
            .Key("hashed", one => new Hashed(one, place == Place.HashCode && one == Thrower))
            .Key("last", one => Is(Place.LastKey, one) ? $"l{one}" : null)
            .Query("first", query => query.Where(one => Is(Place.Filter, one)).By("first")
                .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("count"))
                .To(new Counts<string>(byFirst)))
            .Query("last", query => query.By("last").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count", where: one => Is(Place.Where, one))).To(new Counts<string>(byLast)))
            .Query("both", query => query.By("first", "last").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")).To(new Counts<(string, string)>(byBoth)))
            .Query("hashed", query => query.By<Hashed>("hashed").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")).To(new CollectingSink<Hashed>()))
            .WithOptions(Processors.Options(mode))
            .Build();
    }

    private sealed class Counts<TKey> : IResultSink<TKey>
    {
        private readonly List<string> _lines;

        public Counts(List<string> lines) => _lines = lines;

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
                _lines.Add($"{result.Key}:{result.GetInt64("count")}");
        }
    }

    private sealed class Hashed : IEquatable<Hashed>
    {
        private readonly int _value;
        private readonly bool _throws;

        public Hashed(int value, bool throws) => (_value, _throws) = (value, throws);

        public bool Equals(Hashed? other) => other is not null && other._value == _value;

        public override bool Equals(object? obj) => Equals(obj as Hashed);

        public override int GetHashCode() => _throws ? throw new IOException("unreadable") : _value;
    }
}
