using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>A claim that is copied is still one claim.</summary>
public sealed class EventClaimTests
{
    public static TheoryData<ExecutionMode> Modes => LifecycleTests.Modes;

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Add_ByACopy_IsInTheSameClaim(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using (var processor = Started(mode, collector))
        {
            using var publisher = processor.CreatePublisher("claims");
            Fill(publisher);
            await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
            Assert.Equal(4, processor.GetStats().EventsPublished);
        }

        Assert.Equal(["a [0, 10) OnTime 1", "b [0, 10) OnTime 1", "c [0, 10) OnTime 1", "d [0, 10) OnTime 1"],
            collector.Texts());

        static void Fill(KeyedPublisher<string> publisher)
        {
            var claim = publisher.Claim(8);
            var copy = claim;
            claim.Add("a", 1, 1);
            copy.Add("b", 2, 1);
            AddByValue(claim);
            claim.Add("d", 4, 1);
            Assert.Equal((4, 4), (claim.Count, copy.Count));
            copy.Publish();
            Assert.Equal(4, copy.Count);
        }

        static void AddByValue(EventClaim<string> claim) => claim.Add("c", 3, 1);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Publish_CopyWasPublished_ThrowsAndPublishesNothingTwice(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using (var processor = Started(mode, collector))
        {
            using var publisher = processor.CreatePublisher("claims");
            PublishTwice(publisher, processor.GetKey("a"));
            await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
            Assert.Equal(2, processor.GetStats().EventsPublished);
        }

        Assert.Equal(["a [0, 10) OnTime 1", "b [0, 10) OnTime 1"], collector.Texts());

        static void PublishTwice(KeyedPublisher<string> publisher, KeyHandle key)
        {
            var claim = publisher.Claim(4);
            var copy = claim;
            claim.Add("a", 1, 1);
            claim.Publish();
            ThrowsOnEverything(copy, key);

            // Another claim takes over what the first one kept its state in.
            var next = publisher.Claim(4);
            ThrowsOnEverything(claim, key);
            ThrowsOnEverything(copy, key);
            next.Add("b", 2, 1);
            ThrowsOnEverything(copy, key);
            next.Publish();
            ThrowsOnEverything(next, key);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dispose_ByACopy_GivesTheClaimUp(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using (var processor = Started(mode, collector))
        {
            using var publisher = processor.CreatePublisher("claims");
            GiveUp(publisher, processor.GetKey("a"));
            await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
            Assert.Equal(0, processor.GetStats().EventsPublished);
        }

        Assert.Empty(collector.Texts());

        static void GiveUp(KeyedPublisher<string> publisher, KeyHandle key)
        {
            var claim = publisher.Claim(4);
            var copy = claim;
            claim.Add("a", 1, 1);
            copy.Dispose();
            ThrowsOnEverything(claim, key);
            claim.Dispose();
        }
    }

    [Fact]
    public async Task Add_TwoClaimsOfAThreadAreOpen_EachKeepsItsOwn()
    {
        var (first, second) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using (var one = Started(ExecutionMode.Fused, first))
        await using (var two = Started(ExecutionMode.Fused, second))
        {
            using var toOne = one.CreatePublisher("claims");
            using var toTwo = two.CreatePublisher("claims");
            Fill(toOne, toTwo);
            await one.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
            await two.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);
        }

        Assert.Equal(["a [0, 10) OnTime 1", "c [0, 10) OnTime 1", "d [0, 10) OnTime 1"], first.Texts());
        Assert.Equal(["b [0, 10) OnTime 1"], second.Texts());

        static void Fill(KeyedPublisher<string> toOne, KeyedPublisher<string> toTwo)
        {
            var outer = toOne.Claim(4);
            var inner = toTwo.Claim(4);
            outer.Add("a", 1, 1);
            inner.Add("b", 1, 1);
            outer.Add("c", 1, 1);
            outer.Publish();
            var again = toOne.Claim(4);
            again.Add("d", 1, 1);
            again.Publish();
            inner.Publish();
        }
    }

    /// <summary>As a value that was never claimed: nothing to publish, nothing to give up.</summary>
    [Fact]
    public void Dispose_OfNoClaim_DoesNothing()
    {
        var claim = default(EventClaim<string>);

        claim.Dispose();

        Assert.Equal((0, 0), (claim.Count, claim.Capacity));
    }

    private static StreamProcessor<string> Started(ExecutionMode mode, CollectingSink<string> collector)
    {
        var processor = Processors.Tumbling(10).Counting(mode).To(collector).Build();
        processor.Start();
        return processor;
    }

    private static void ThrowsOnEverything(EventClaim<string> claim, KeyHandle key)
    {
        Span<long> one = [1];
        var refused = 0;
        for (var way = 0; way < 7; way++)
        {
            try
            {
                switch (way)
                {
                    case 0: claim.Add("x", 1, 1); break;
                    case 1: claim.Add(key, 1, 1); break;
                    case 2: claim.Add("x"u8, 1, 1); break;
                    case 3: claim.AddBits("x", 1, one); break;
                    case 4: claim.AddBits(key, 1, one); break;
                    case 5: claim.AddBits("x"u8, 1, one); break;
                    default: claim.Publish(); break;
                }
            }
            catch (InvalidOperationException)
            {
                refused++;
            }
        }

        claim.Dispose();
        Assert.Equal(7, refused);
    }
}
