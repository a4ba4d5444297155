using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest;

public class KeyHandleTests
{
    [Fact]
    public void Pin_SameKeyAsIntern_HasItsId()
    {
        var table = new KeyTable<string>(10);
        var id = table.Intern("b");
        using var byKey = table.Pin("b");
        using var byChars = table.Pin("abc".AsSpan(1, 1));
        using var byUtf8 = table.Pin("b"u8);
        using var another = table.Pin("new");
        Assert.Equal([id, id, id], new[] { byKey.Id, byChars.Id, byUtf8.Id });
        Assert.Equal("new", table.KeyOf(another.IdOrThrow()));
    }

    [Fact]
    public void Dispose_Twice_UnpinsOnce()
    {
        var table = new KeyTable<int>(10);
        var first = table.Pin(5);
        var second = table.Pin(5);
        first.Dispose();
        first.Dispose();
        Assert.True(first.IsDisposed);
        Assert.False(second.IsDisposed);
        Assert.False(table.TryMarkRetiring(second.Id));
        second.Dispose();
        Assert.True(table.TryMarkRetiring(second.Id));
    }

    [Fact]
    public void Dispose_ByManyThreads_UnpinsOnce()
    {
        var table = new KeyTable<int>(10);
        using var kept = table.Pin(5);
        for (var round = 0; round < 200; round++)
        {
            var handle = table.Pin(5);
            Parallel.For(0, 4, _ => handle.Dispose());
        }

        Assert.False(table.TryMarkRetiring(kept.Id));
        kept.Dispose();
        Assert.True(table.TryMarkRetiring(kept.Id));
    }

    [Fact]
    public void IdOrThrow_Disposed_ThrowsAndNamesTheId()
    {
        var table = new KeyTable<int>(10);
        table.Intern(4);
        var handle = table.Pin(5);
        handle.Dispose();
        Assert.Contains("id 1", Assert.Throws<ObjectDisposedException>(() => handle.IdOrThrow()).Message);
        Assert.Throws<ObjectDisposedException>(() => handle.IdOrThrow(table));
    }

    [Fact]
    public void IdOrThrow_OfAnotherTable_Throws()
    {
        var table = new KeyTable<int>(10);
        using var handle = table.Pin(5);
        Assert.Equal(0, handle.IdOrThrow(table));
        Assert.Throws<ArgumentException>("keys", () => handle.IdOrThrow(new KeyTable<int>(10)));
    }

    [Fact]
    public void Pin_RetiringKey_TakesBackTheMark()
    {
        var table = new KeyTable<int>(10);
        Assert.True(table.TryMarkRetiring(table.Intern(5)));
        using var handle = table.Pin(5);
        Assert.False(table.TryRetire(handle.Id, 0));
        Assert.Equal(5, table.KeyOf(handle.Id));
    }

    [Fact]
    public void Pin_NewKeyInFullTable_Throws()
    {
        var table = new KeyTable<int>(1);
        table.Intern(1);
        Assert.Throws<InvalidOperationException>(() => table.Pin(2));
        table.Pin(1).Dispose();
    }
}
