using DisruptorStream.Ingest.Keys.Entries;

namespace DisruptorStream.Tests.Ingest.Keys.Entries;

public class KeyEntryTests
{
    [Fact]
    public void TryRead_ThroughTheLifeOfAnId_SeesTheKeyUntilItIsReleased()
    {
        var entry = default(KeyEntry<string>);
        Assert.False(entry.TryRead(out _, out _));
        entry.Occupy("a", hash: 9);
        Assert.True(entry.TryRead(out var key, out var word));
        Assert.True(entry.TryKeep(word));
        Assert.True(entry.TryMarkRetiring());
        Assert.True(entry.TryKill());
        Assert.False(entry.TryKeep(word & ~(3UL << 30) | (3UL << 30)));
        Assert.True(entry.TryRead(out key, out _));
        Assert.Equal("a", key);
        Assert.True(entry.TryRelease(freeLink: 0));
        Assert.False(entry.TryRead(out key, out _));
        Assert.Null(key);
        Assert.Equal(1u, entry.Generation);
    }

    /// <summary>A reader that saw the entry retiring, but of an earlier generation, does not get it.</summary>
    [Fact]
    public void TryKeep_ReleasedAndReusedMeanwhile_IsFalse()
    {
        var entry = default(KeyEntry<int>);
        entry.Occupy(1, hash: 9);
        Assert.True(entry.TryMarkRetiring());
        Assert.True(entry.TryRead(out _, out var word));
        Assert.True(entry.TryKill());
        Assert.False(entry.TryKeep(word));
        Assert.True(entry.TryRelease(freeLink: 0));
        Assert.False(entry.TryKeep(word));
        entry.Occupy(2, hash: 9);
        Assert.False(entry.TryKeep(word));
        Assert.True(entry.TryMarkRetiring());
        Assert.False(entry.TryKeep(word));
    }

    [Fact]
    public void TryMarkRetiring_Pinned_IsFalseUntilEveryPinIsGone()
    {
        var entry = default(KeyEntry<int>);
        Assert.False(entry.TryMarkRetiring());
        entry.Occupy(1, hash: 9);
        entry.Pin();
        entry.Pin();
        entry.Unpin();
        Assert.False(entry.TryMarkRetiring());
        entry.Unpin();
        Assert.True(entry.TryMarkRetiring());
        Assert.False(entry.TryMarkRetiring());
        entry.Pin();
        Assert.False(entry.TryKill());
        Assert.False(entry.TryRelease(freeLink: 0));
    }
}
