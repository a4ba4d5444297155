using System.Text;
using CsCheck;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

public class KeyTableTests
{
    private enum Act { Intern, TryGet, Pin, Unpin, Mark, Retire, Release }

    private enum Phase { Live, Retiring, Dead }

    /// <summary>Any sequence of calls gives what a dictionary, with the phases written out, gives.</summary>
    [Fact]
    public void AnyCalls_AgreeWithADictionary() =>
        Gen.Select(Gen.Int[1, 12], Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 15]).Array[0, 120])
            .Sample((maxKeys, calls) => RunBesideModel(maxKeys, calls), iter: 5_000);

    [Fact]
    public void Intern_ManyKeys_GivesDenseIdsThatStayThroughEveryGrowth()
    {
        const int Keys = 50_000;
        var table = new KeyTable<int>(Keys);
        for (var i = 0; i < Keys; i++)
            Assert.Equal(i, table.Intern(i * 7919));
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal(i, table.Intern(i * 7919));
            Assert.Equal(i * 7919, table.KeyOf(i));
        }

        Assert.Equal(Keys, table.Count);
        Assert.Equal(Keys, table.IdRange);
        Assert.False(table.TryGet(1, out _));
    }

    /// <summary>Keys that all collide are still told apart, in a table that grows and retires.</summary>
    [Fact]
    public void Intern_KeysOfOneHash_AreToldApart()
    {
        var table = new KeyTable<Colliding>(3_000);
        for (var i = 0; i < 1_500; i++)
            Assert.Equal(i, table.Intern(new Colliding(i)));
        for (var id = 0; id < 1_500; id += 3)
            Remove(table, id);
        for (var i = 0; i < 1_500; i++)
            Assert.Equal(i % 3 != 0, table.TryGet(new Colliding(i), out _));
    }

    [Fact]
    public void Intern_EveryKindOfKey_RoundTrips()
    {
        RoundTrips(Gen.Int);
        RoundTrips(Gen.Long);
        RoundTrips(Gen.Guid);
        RoundTrips(Gen.String);
        RoundTrips(Gen.Decimal);
        RoundTrips(Gen.Select(Gen.String, Gen.Int, (name, number) => new Composite(name, number)));
    }

    [Fact]
    public void Intern_TextInAnyForm_GivesOneId()
    {
        var table = new KeyTable<string>(1 << 20);
        string[] texts =
        [
            "", "a", "sensor-42", "zażółć", "日本語", "\U0001F422\U0001F422", "\0",
            new('x', 256), new('x', 257), new('é', 128), new('é', 129), new('語', 5_000),
        ];
        foreach (var text in texts)
            AgreesInEveryForm(table, text);
        Gen.Char.Array[0, 600].Sample(chars => AgreesInEveryForm(table, new string(chars)), iter: 300, threads: 1);
    }

    [Fact]
    public void Intern_AnyBytes_IsTheTextThatEncodingReads()
    {
        var table = new KeyTable<string>(1 << 20);
        byte[][] broken = [[0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x90, 0x41], [0xC0, 0x80]];
        foreach (var bytes in broken)
            Assert.Equal(Encoding.UTF8.GetString(bytes), table.KeyOf(table.Intern(bytes)));
        Gen.Byte.Array[0, 600].Sample(
            bytes => Assert.Equal(table.Intern(Encoding.UTF8.GetString(bytes)), table.Intern(bytes)), iter: 300);
    }

    [Fact]
    public void Intern_Hit_AllocatesNothing()
    {
        var text = new KeyTable<string>(10);
        var numbers = new KeyTable<int>(10);
        var guids = new KeyTable<Guid>(10);
        var utf8 = Encoding.UTF8.GetBytes("sensor-42");
        var guid = Guid.NewGuid();
        Func<int> hits = () => text.Intern("sensor-42") + text.Intern("sensor-42".AsSpan()) + text.Intern(utf8)
            + numbers.Intern(42) + guids.Intern(guid);
        for (var i = 0; i < 3; i++)
            hits();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            hits();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Intern_AtMaxKeys_IsFullUntilAnIdIsReleased()
    {
        var table = new KeyTable<int>(2);
        table.Intern(10);
        table.Intern(20);
        Assert.Equal(KeyTable<int>.Full, table.Intern(30));
        Assert.Equal(1, table.Intern(20));
        Assert.True(table.TryMarkRetiring(0));
        Assert.True(table.TryRetire(0));
        Assert.Equal(1, table.Count);
        Assert.Equal(KeyTable<int>.Full, table.Intern(30));
        Assert.Equal(10, table.KeyOf(0));
        table.Release(0);
        Assert.Equal(0, table.Intern(30));
        Assert.Equal(1u, table.GenerationOf(0));
        Assert.Equal(2, table.IdRange);
    }

    [Fact]
    public void KeyOf_IdThatStandsForNoKey_Throws()
    {
        var table = new KeyTable<int>(10);
        table.Intern(1);
        Remove(table, 0);
        Assert.All([0, 1, -1, int.MaxValue], id =>
            Assert.Contains($"id {id} ", Assert.Throws<InvalidOperationException>(() => table.KeyOf(id)).Message));
    }

    [Fact]
    public void Release_LiveId_Throws()
    {
        var table = new KeyTable<int>(10);
        table.Intern(1);
        Assert.Throws<InvalidOperationException>(() => table.Release(0));
    }

    [Fact]
    public void Intern_CharactersInATableOfNumbers_Throws()
    {
        var table = new KeyTable<int>(10);
        Assert.Throws<InvalidOperationException>(() => table.Intern("1".AsSpan()));
        Assert.Throws<InvalidOperationException>(() => table.Intern("1"u8));
        Assert.Throws<InvalidOperationException>(() => table.Pin("1".AsSpan()));
        Assert.Throws<InvalidOperationException>(() => table.Pin("1"u8));
    }

    [Fact]
    public void Intern_Null_Throws()
    {
        var table = new KeyTable<string>(10);
        Assert.Throws<ArgumentNullException>(() => table.Intern((string)null!));
        Assert.Throws<ArgumentNullException>(() => table.TryGet(null!, out _));
        Assert.Throws<ArgumentNullException>(() => table.Pin((string)null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1 << 30) + 1)]
    public void Constructor_MaxKeysOutOfRange_Throws(int maxKeys) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyTable<int>(maxKeys));

    private static void RunBesideModel(int maxKeys, (Act Act, int Argument)[] calls)
    {
        var table = new KeyTable<string>(maxKeys);
        var ids = new Dictionary<string, int>();
        var slots = new List<ModelSlot>();
        var free = new Stack<int>();
        var handles = new List<KeyHandle>();

        // The model's answer to a look-up; it makes ids as the table is meant to, released ones first.
        int Find(string key, bool isAdding)
        {
            if (ids.TryGetValue(key, out var id))
            {
                slots[id] = slots[id] with { Phase = Phase.Live };
                return id;
            }

            if (!isAdding || (free.Count == 0 && slots.Count == maxKeys))
                return KeyTable<string>.Full;
            if (!free.TryPop(out id))
            {
                id = slots.Count;
                slots.Add(default);
            }

            slots[id] = slots[id] with { Key = key, Phase = Phase.Live, Pins = 0 };
            ids.Add(key, id);
            return id;
        }

        bool Is(int id, Phase phase) => slots[id].Key is not null && slots[id].Phase == phase;

        foreach (var (act, argument) in calls)
        {
            var key = $"key-{argument}";
            var id = slots.Count == 0 ? -1 : argument % slots.Count;
            switch (act)
            {
                case Act.Intern:
                    Assert.Equal(Find(key, isAdding: true), table.Intern(key));
                    break;
                case Act.TryGet:
                    var expected = Find(key, isAdding: false);
                    Assert.Equal((expected >= 0, expected), (table.TryGet(key, out var actual), actual));
                    break;
                case Act.Pin when Find(key, isAdding: true) is >= 0 and var pinned:
                    handles.Add(table.Pin(key));
                    Assert.Equal(pinned, handles[^1].Id);
                    slots[pinned] = slots[pinned] with { Pins = slots[pinned].Pins + 1 };
                    break;
                case Act.Unpin when handles.Count > 0:
                    var handle = handles[argument % handles.Count];
                    if (!handle.IsDisposed)
                        slots[handle.Id] = slots[handle.Id] with { Pins = slots[handle.Id].Pins - 1 };
                    handle.Dispose();
                    break;
                case Act.Mark when id >= 0:
                    var isMarked = Is(id, Phase.Live) && slots[id].Pins == 0;
                    Assert.Equal(isMarked, table.TryMarkRetiring(id));
                    if (isMarked)
                        slots[id] = slots[id] with { Phase = Phase.Retiring };
                    break;
                case Act.Retire when id >= 0:
                    var isRetired = Is(id, Phase.Retiring);
                    Assert.Equal(isRetired, table.TryRetire(id));
                    if (isRetired)
                    {
                        ids.Remove(slots[id].Key!);
                        slots[id] = slots[id] with { Phase = Phase.Dead };
                    }

                    break;
                case Act.Release when id >= 0 && Is(id, Phase.Dead):
                    table.Release(id);
                    slots[id] = new ModelSlot(Key: null, Phase.Dead, Pins: 0, slots[id].Generation + 1);
                    free.Push(id);
                    break;
            }

            Assert.Equal((ids.Count, slots.Count), (table.Count, table.IdRange));
        }

        for (var id = 0; id < slots.Count; id++)
        {
            Assert.Equal(slots[id].Generation, table.GenerationOf(id));
            if (slots[id].Key is { } key)
                Assert.Equal(key, table.KeyOf(id));
            else
                Assert.Throws<InvalidOperationException>(() => table.KeyOf(id));
        }
    }

    private static void RoundTrips<TKey>(Gen<TKey> anyKey)
        where TKey : notnull, IEquatable<TKey> =>
        anyKey.Array[0, 60].Sample(
            keys =>
            {
                var table = new KeyTable<TKey>(100);
                var ids = keys.Select(table.Intern).ToArray();
                Assert.Equal(keys, ids.Select(table.KeyOf));
                Assert.Equal(keys.Distinct().Count(), table.Count);
                Assert.All(keys, key => Assert.True(table.TryGet(key, out _)));
            },
            iter: 100);

    private static void AgreesInEveryForm(KeyTable<string> table, string text)
    {
        var id = table.Intern(text);
        Assert.Equal(id, table.Intern(text.AsSpan()));
        Assert.Equal(id, table.Intern(new string(text.AsSpan())));
        Assert.Equal(text, table.KeyOf(id));

        // A lone surrogate has no UTF-8.
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (Encoding.UTF8.GetString(utf8) == text)
            Assert.Equal(id, table.Intern(utf8));
    }

    private static void Remove<TKey>(KeyTable<TKey> table, int id)
        where TKey : notnull, IEquatable<TKey>
    {
        Assert.True(table.TryMarkRetiring(id));
        Assert.True(table.TryRetire(id));
        table.Release(id);
    }

    private readonly record struct ModelSlot(string? Key, Phase Phase, int Pins, uint Generation);

    private readonly record struct Composite(string Name, int Number);

    private readonly record struct Colliding(int Value)
    {
        public override int GetHashCode() => 1;
    }
}
