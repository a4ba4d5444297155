using System.Buffers;
using DisruptorStream.Codecs.BuiltIn;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Rings;
using DisruptorStream.Saving;
using DisruptorStream.Tests.Pipeline;

namespace DisruptorStream.Tests.Ingest.Sources;

public sealed class SourceRegistryTests
{
    /// <summary>
    /// Each name is looked for among all the others; 300,000 times, so that a search that takes them one by one is far
    /// beyond the bound.
    /// </summary>
    [Fact]
    public async Task Register_AsManyAsThereMayBe_TakesNoLongerThanTheFirst()
    {
        var registry = new SourceRegistry();
        await Task.Run(Fill).WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

        Assert.Equal("source 0", registry.NameOf(0));
        Assert.Equal("again 299999", registry.NameOf(7));
        Assert.Throws<ArgumentException>(() => registry.Register("source 65534"));
        Assert.Contains("65535", Assert.Throws<InvalidOperationException>(() => registry.Register("new")).Message,
            StringComparison.Ordinal);

        void Release(int source)
        {
            registry.ReleaseName(source);
            registry.ReleaseNumber(source);
        }

        void Fill()
        {
            for (var source = 0; source < SourceRegistry.MaxSources; source++)
                Assert.Equal(source, registry.Register($"source {source}"));
            Release(7);
            for (var round = 0; round < 300_000; round++)
            {
                registry.Register($"again {round}");
                if (round < 299_999)
                    Release(7);
            }
        }
    }

    [Fact]
    public void Release_TheNameAndTheNumber_AreFree()
    {
        var registry = new SourceRegistry();
        registry.Register("a");
        registry.Register("b");

        registry.ReleaseName(0);
        registry.ReleaseNumber(0);

        Assert.Null(registry.NameOf(0));
        Assert.Equal(0, registry.Register("c"));
        Assert.Equal(2, registry.Register("a"));
        Assert.Throws<ArgumentException>(() => registry.Register("c"));
    }

    [Fact]
    public void Define_WhatDoesNotFollow_IsRefused()
    {
        var registry = new SourceRegistry();
        registry.Define(0, "a");
        registry.Define(3, "b");
        Assert.Throws<StateException>(() => registry.Define(0, "c"));
        Assert.Throws<StateException>(() => registry.Define(1, "a"));
        Assert.Throws<StateException>(() => registry.Define(SourceRegistry.MaxSources, "c"));
        Assert.Throws<StateException>(registry.ThrowUnlessWhole);
        registry.Free(2);
        Assert.Throws<StateException>(() => registry.Free(2));
        registry.Free(1);
        registry.ThrowUnlessWhole();
        Assert.Throws<StateException>(() => registry.Define(2, "c"));
        registry.Define(1, "c");
        Assert.Equal(2, registry.Register("d"));
        Assert.Equal(4, registry.Register("e"));
        Assert.Equal(["a", "c", "d", "b", "e"], Enumerable.Range(0, 5).Select(registry.NameOf));
    }

    [Fact]
    public void Save_EqualHistories_AreEqualBytesWhateverSlotsThereWere()
    {
        var one = new SourceRegistry();
        var other = new SourceRegistry();
        foreach (var (registry, slot) in new[] { (one, 5L), (other, 900L) })
        {
            registry.Register("a");
            registry.Register("b");
            registry.ReleaseName(0);
            registry.ReleaseNumber(0, slot);
        }

        Assert.Equal(SavedBy(one), SavedBy(other));
    }

    /// <summary>A source that has left keeps its number until its slot is published, but not its name.</summary>
    [Fact]
    public void ReleaseName_SlotIsNotPublishedYet_FreesTheNameAlone()
    {
        var registry = new SourceRegistry();
        registry.Register("a");

        registry.ReleaseName(0);

        Assert.Equal(1, registry.Register("a"));
        registry.ReleaseNumber(0);
        Assert.Equal(0, registry.Register("b"));
    }

    [Fact]
    public void GoOn_Loaded_SourcesAreAdoptedByNameOnceAndTheOthersWait()
    {
        var saved = new SourceRegistry();
        saved.Register("a");
        saved.Register("b");
        var loaded = Loaded(saved);
        loaded.GoOn();

        Assert.Equal(1, loaded.Register("b"));
        Assert.Throws<ArgumentException>(() => loaded.Register("b"));
        Assert.Equal(2, loaded.Register("new"));
        Assert.Equal(0, loaded.Register("a"));
        Assert.True(loaded.Removals.IsEmpty);
    }

    [Fact]
    public void GoOn_SourceWasLeavingWhenItWasSaved_IsRemovedByASlotAndThenFree()
    {
        var saved = new SourceRegistry();
        saved.Register("a");
        saved.Register("b");
        saved.ReleaseName(0);
        var loaded = Loaded(saved);
        var ring = new SlotRing();

        loaded.GoOn();
        Assert.Equal(2, loaded.Register("a"));
        Assert.False(loaded.Removals.IsEmpty);
        loaded.Removals.Publish(ring.Events);

        unsafe
        {
            Assert.Equal((SlotKind.SourceRemoved, 0), (ring.Slots.SlotAt(0)->Kind, ring.Slots.SlotAt(0)->SourceId));
        }

        Assert.Equal(0, loaded.Register("c"));
    }

    [Fact]
    public void Leave_NumberOfNoSource_IsRefused()
    {
        var registry = new SourceRegistry();
        registry.Define(0, "a");
        registry.Leave(0);

        Assert.Throws<StateException>(() => registry.Leave(0));
        Assert.Throws<StateException>(() => registry.Define(0, "b"));
        Assert.Throws<StateException>(() => registry.Leave(SourceRegistry.MaxSources));
        registry.Define(1, "a");
        registry.Free(0);
        registry.Define(0, "b");
    }

    /// <summary>Where the ring is full the source waits, and its number is not given away.</summary>
    [Fact]
    public void Publish_RemovalsWithoutRoom_StayInTheirOrderUntilThereIsSome()
    {
        var registry = new SourceRegistry();
        var ring = new SlotRing();
        var consumer = new Sequence();
        ring.Slots.Sequencer.AddGatingSequences(consumer);
        ring.Events.Publish(ring.Events.Claim(SlotRing.Capacity - 1));
        foreach (var name in new[] { "a", "b" })
            registry.ReleaseName(registry.Register(name));
        registry.Removals.Add(0);
        registry.Removals.Add(1);

        registry.Removals.Publish(ring.Events);

        Assert.False(registry.Removals.IsEmpty);
        Assert.Equal(0, registry.Register("c"));
        Assert.Equal(2, registry.Register("d"));
        consumer.SetRelease(5);
        registry.Removals.Publish(ring.Events);
        Assert.True(registry.Removals.IsEmpty);
        Assert.Equal(1, registry.Register("e"));
    }

    private static SourceRegistry Loaded(SourceRegistry saved)
    {
        var loaded = new SourceRegistry();
        for (ReadOnlySpan<byte> rest = SavedBy(saved); !rest.IsEmpty;)
        {
            var record = IdentityRecord.Read(ref rest);
            if (record.Kind == IdentityKind.SourceNamed)
                loaded.Define(record.Number, TextCodec.Instance.Read(record.Body, out _)!);
            else if (record.Kind == IdentityKind.SourceLeft)
                loaded.Leave(record.Number);
            else
                loaded.Free(record.Number);
        }

        loaded.ThrowUnlessWhole();
        return loaded;
    }

    private static byte[] SavedBy(SourceRegistry registry)
    {
        var output = new ArrayBufferWriter<byte>();
        registry.Save(output);
        return output.WrittenSpan.ToArray();
    }
}
