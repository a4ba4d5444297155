using System.Text;
using CsCheck;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

public class KeyTableTests
{
    /// <summary>Any sequence of calls gives what a dictionary, with the phases written out, gives.</summary>
    [Fact]
    public void AnyCalls_AgreeWithADictionary() => AnyCallsAgree(number => $"key-{number}");

    /// <summary>As above where a key is always named by the same object, and where by one of two.</summary>
    [Fact]
    public void AnyCallsWithTheSameObjects_AgreeWithADictionary()
    {
        var names = Names(16);
        AnyCallsAgree(number => names[number]);
        var turn = 0;
        AnyCallsAgree(number => turn++ % 3 == 0 ? $"key {number}" : names[number]);
    }

    /// <summary>
    /// As above for keys that are found directly: some are in each other's way there, and some are never there.
    /// </summary>
    [Fact]
    public void AnyCallsWithIntegers_AgreeWithADictionary()
    {
        AnyCallsAgree(number => number - 3);
        AnyCallsAgree(number => (number % 4 * 1024) + (number / 4));
        AnyCallsAgree(number => ((number % 3) - 1L) << 32 | (uint)(number / 3));
        AnyCallsAgree(number => (byte)number);
        AnyCallsAgree(number => (short)-number);
        AnyCallsAgree(number => (char)number);
        AnyCallsAgree(number => (DayOfWeek)(number - 3));
        AnyCallsAgree(number => (Narrow)number);
        AnyCallsAgree(number => (Broad)(((number % 3) - 1L) << 32 | (uint)(number / 3)));
    }

    /// <summary>As above for tuples of texts, some of them null or empty, and some the same object as before.</summary>
    [Fact]
    public void AnyCallsWithTuplesOfTexts_AgreeWithADictionary()
    {
        string?[] models = [null, "", "a", "ab", "b"];
        AnyCallsAgree(number => ($"tenant {number % 3}", models[number / 3 % models.Length]));
        AnyCallsAgree(number => (models[number % 2], "b", $"region {number / 2}"));
    }

    /// <summary>In a table that grows, keys are found as before: near ones, far ones, and none for another.</summary>
    [Fact]
    public void Intern_IntegersFarApartAndNear_AreToldApartThroughGrowthAndRetirement()
    {
        var table = new KeyTable<long>(40_000);
        var keys = Enumerable.Range(0, 10_000).SelectMany(
            number => new[] { number, -1L - number, (long)number << 32, (long)number << 10 }).Distinct().ToArray();
        var ids = keys.Select(table.Intern).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        for (var round = 0; round < 2; round++)
            Assert.Equal(ids, keys.Select(table.Intern));

        for (var id = 0; id < ids.Length; id += 2)
            Remove(table, id);
        for (var index = 0; index < ids.Length; index++)
            Assert.Equal(ids[index] % 2 != 0, table.TryGet(keys[index], out _));
        var anew = keys.Select(table.Intern).ToArray();
        Assert.Equal(keys, anew.Select(table.KeyOf));
        Assert.Equal(ids.Length, anew.Distinct().Count());
    }

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

    /// <summary>Many keys at a time have the ids that they have one by one: new keys, known and marked ones.</summary>
    [Fact]
    public void InternAll_EveryKindOfKey_IsInternForEach()
    {
        var names = Names(151);
        InternsAll(number => $"key {number}");
        InternsAll(number => names[number]);
        InternsAll(number => number % 10 == 0 ? $"key {number}" : names[number]);
        InternsAll(number => number);
        InternsAll(number => ((long)number << 33) + number);
        InternsAll(number => new Guid(number, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8));
        InternsAll(number => (Int128)number << 70);
        InternsAll(number => new Composite("same", number));
    }

    /// <summary>
    /// What a growing table has put aside comes back, however it is looked for; and so does a key whose mark is taken
    /// back.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FindDirectly_NearKeys_FindsAllOnceTheyWereLookedUp(bool seeks)
    {
        const int Keys = 10_000;
        var table = new KeyTable<int>(Keys);
        for (var key = 0; key < Keys; key++)
            table.Intern(key);
        for (var id = 0; id < Keys; id += 3)
            Assert.True(table.TryMarkRetiring(id));
        Assert.Equal(-1, table.FindDirectly(0));
        for (var key = 0; key < Keys; key++)
        {
            if (!seeks)
                Assert.Equal(key, table.Intern(key));
            else if (table.Seek(key) is { IsFound: true } seen)
                Assert.Equal(key, table.Keep(seen) is var kept and >= 0 ? kept : table.Intern(key));
        }

        Assert.All(Enumerable.Range(0, Keys), key => Assert.Equal(key, table.FindDirectly(key)));
    }

    [Fact]
    public void InternAll_NoIdLeft_IsFullForNewKeysAlone()
    {
        var table = new KeyTable<string>(2);
        var ids = new int[4];
        table.InternAll(["a", "b", "c", "a"], ids, out var done);
        Assert.Equal(4, done);
        Assert.Equal([0, 1, KeyTable<string>.Full, 0], ids);
    }

    [Fact]
    public void InternAll_HashCodeThrows_SaysHowManyWereDone()
    {
        var table = new KeyTable<Throwing>(100);
        var ids = new int[100];
        var keys = Enumerable.Range(0, 100).Select(number => new Throwing(number)).ToArray();
        var done = -1;
        Assert.Throws<NotSupportedException>(() => table.InternAll(keys, ids, out done));
        Assert.Equal(70, done);
        Assert.Equal(Enumerable.Range(0, 70), ids.Take(70));
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
        var days = new KeyTable<DayOfWeek>(10);
        var pairs = new KeyTable<(int, Broad)>(10);
        var guid = Guid.NewGuid();
        Func<int> hits = () => text.Intern("sensor-42") + text.Intern("sensor-42".AsSpan()) + text.Intern(utf8)
            + numbers.Intern(42) + guids.Intern(guid) + days.Intern(DayOfWeek.Monday) + pairs.Intern((1, (Broad)2));
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
        Assert.True(table.TryRetire(0, 0));
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

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"key {number}")];

    private static void AnyCallsAgree<TKey>(Func<int, TKey> keyOf)
        where TKey : notnull =>
        Gen.Select(Gen.Int[1, 12], Gen.Select(Gen.Enum<KeyTableAct>(), Gen.Int[0, 15]).Array[0, 120])
            .Sample((maxKeys, calls) => RunBesideModel(new KeyTableModelRun<TKey>(maxKeys, keyOf), calls), iter: 3_000);

    private static void RunBesideModel<TKey>(KeyTableModelRun<TKey> run, (KeyTableAct Act, int Argument)[] calls)
        where TKey : notnull
    {
        foreach (var (act, argument) in calls)
            run.Step(act, argument);
        run.CheckKeys();
    }

    private static void RoundTrips<TKey>(Gen<TKey> anyKey)
        where TKey : notnull =>
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

    private static void InternsAll<TKey>(Func<int, TKey> keyOf)
        where TKey : notnull =>
        Gen.Int[0, 150].Array[0, 300].Sample(
            numbers =>
            {
                var table = new KeyTable<TKey>(200);
                var keys = numbers.Select(keyOf).ToArray();
                foreach (var key in keys.Take(keys.Length / 3))
                    table.TryMarkRetiring(table.Intern(key));
                var ids = new int[keys.Length];
                table.InternAll(keys, ids, out var done);
                Assert.Equal(keys.Length, done);
                Assert.All(ids, id => Assert.False(table.TryRetire(id, 0)));
                Assert.Equal(keys, ids.Select(table.KeyOf));
                Assert.Equal(keys.Select(table.Intern), ids);
            },
            iter: 100);

    [Fact]
    public void Intern_LoneSurrogates_AreKeysOfTheirOwnAndBadUtf8IsTheReplacement()
    {
        var table = new KeyTable<string>(100);
        string[] texts =
        [
            "\uD800", "\uD801", "\uDC00", "\uFFFD", "\uDC00\uD800", "\uD800\uDC00", "a\uD800", "e\u0301", "\u00E9",
        ];
        var ids = Array.ConvertAll(texts, table.Intern);

        Assert.Equal(texts.Length, ids.Distinct().Count());
        Assert.Equal(texts, ids.Select(table.KeyOf));
        Assert.All(texts, text => Assert.Equal(table.Intern(text), table.Intern(text.AsSpan())));
        byte[][] invalid = [[0xFF], [0xC0], [0xED, 0xA0]];
        Assert.Equal(ids[3], table.Intern(invalid[0]));
        Assert.Equal(ids[3], table.Intern(invalid[1]));
        Assert.All(invalid, bytes => Assert.Equal(
            table.Intern(Encoding.UTF8.GetString(bytes)), table.Intern(bytes)));
    }

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
        where TKey : notnull
    {
        Assert.True(table.TryMarkRetiring(id));
        Assert.True(table.TryRetire(id, 0));
        table.Release(id);
    }

    private enum Narrow : byte;

    private enum Broad : long;

    private readonly record struct Composite(string Name, int Number);

    private readonly record struct Colliding(int Value)
    {
        public override int GetHashCode() => 1;
    }

    private readonly record struct Throwing(int Number)
    {
        public override int GetHashCode() => Number < 70 ? Number : throw new NotSupportedException();
    }
}
