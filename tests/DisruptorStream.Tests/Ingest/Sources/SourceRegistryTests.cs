using System.Buffers;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Saving;

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

    private static byte[] SavedBy(SourceRegistry registry)
    {
        var output = new ArrayBufferWriter<byte>();
        registry.Save(output);
        return output.WrittenSpan.ToArray();
    }
}
