using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Tests.Topology.State;

/// <summary>A key stays for as long as a combination names it, whatever place it has there.</summary>
public sealed class PartLifetimeTests
{
    private readonly KeyTable<string> _keys = new(10);
    private readonly CompositeKeys _first = new(new KeyTable<UInt128>(10), 2);
    private readonly CompositeKeys _second = new(new KeyTable<UInt128>(10), 3);
    private readonly PartLifetime _lifetime;

    public PartLifetimeTests() => _lifetime = new PartLifetime(_keys, [(_first, 1), (_second, 0)]);

    [Fact]
    public void TryMarkRetiring_KeyOfNoCombination_IsMarkedAndRetired()
    {
        var key = _keys.Intern("a");
        _first.Intern(CompositeKeys.Combine([key, 5]));

        Assert.Equal(1, _lifetime.IdRange);
        Assert.True(_lifetime.TryMarkRetiring(key));
        Assert.True(_lifetime.TryRetire(key, sequence: 1));
        Assert.False(_keys.TryGet("a", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryMarkRetiring_KeyOfACombination_IsRefusedUntilThatIsReleased(bool isSecond)
    {
        var key = _keys.Intern("a");
        var whole = isSecond ? _second : _first;
        var id = whole.Intern(CompositeKeys.Combine(isSecond ? [key, 5, 5] : [5, key]));

        Assert.False(_lifetime.TryMarkRetiring(key));
        Retire(whole, id);
        Assert.True(_lifetime.TryMarkRetiring(key));
    }

    [Fact]
    public void TryRetire_CombinationThatCameAfterTheMark_KeepsTheKey()
    {
        var key = _keys.Intern("a");
        Assert.True(_lifetime.TryMarkRetiring(key));
        _first.Intern(CompositeKeys.Combine([5, key]));

        Assert.False(_lifetime.TryRetire(key, sequence: 1));

        Assert.True(_keys.TryGet("a", out var kept));
        Assert.Equal(key, kept);
    }

    [Fact]
    public void TryRetire_KeyThatIsHeld_IsKept()
    {
        var key = _keys.Intern("a");
        Assert.True(_lifetime.TryMarkRetiring(key));

        Assert.False(_lifetime.TryRetire(key, sequence: 1, isHeld: true));
    }

    private static void Retire(CompositeKeys keys, int id)
    {
        Assert.True(keys.Table.TryMarkRetiring(id));
        Assert.True(keys.Table.TryRetire(id, sequence: 1));
        keys.Release(id);
    }
}
