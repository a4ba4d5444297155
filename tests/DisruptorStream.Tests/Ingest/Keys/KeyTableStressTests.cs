using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

public class KeyTableStressTests
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(5);

    /// <summary>
    /// However many threads intern overlapping keys while the table grows, they get the same dense ids.
    /// </summary>
    [Fact]
    public async Task Intern_OverlappingKeysOnManyThreads_GivesEqualDenseIds()
    {
        const int Threads = 6;
        const int Keys = 30_000;
        var table = new KeyTable<Guid>(Keys);
        var keys = Enumerable.Range(0, Keys).Select(_ => Guid.NewGuid()).ToArray();
        var ids = new int[Threads][];
        using var start = new Barrier(Threads);
        await OnThreads(Threads, thread =>
        {
            var own = ids[thread] = new int[Keys];
            start.SignalAndWait(TimeOut);
            for (var i = 0; i < Keys; i++)
            {
                var index = ((i * 7) + (thread * 13)) % Keys;
                own[index] = table.Intern(keys[index]);
                Assert.Equal(keys[index], table.KeyOf(own[index]));
            }
        });

        Assert.All(ids, own => Assert.Equal(ids[0], own));
        Assert.Equal(Enumerable.Range(0, Keys), ids[0].Order());
        Assert.Equal((Keys, Keys), (table.Count, table.IdRange));
    }

    /// <summary>
    /// One thread retires whatever it can while others look keys up, each inside a claim as in the ring: for as long as
    /// its claim is open, a reader's id is its key's and nobody else's.
    /// </summary>
    [Fact]
    public Task Retirement_BesideLookUps_NeverGivesAnIdTwoKeysNorAKeyTwoIds() =>
        RetireBesideLookUps(200, 1_000, number => new Wide(number));

    /// <summary>As above for texts, many of which are looked up together while the table grows.</summary>
    [Fact]
    public Task Retirement_BesideLookUpsOfTexts_NeverGivesAnIdTwoKeysNorAKeyTwoIds() =>
        RetireBesideLookUps(3_000, 1_000, number => $"{number}");

    /// <summary>As above where a text is always the same object, but for one in seven.</summary>
    [Fact]
    public Task Retirement_BesideLookUpsOfTheSameObjects_NeverGivesAnIdTwoKeysNorAKeyTwoIds()
    {
        var names = Enumerable.Range(0, 3_000).Select(number => $"{number}").ToArray();
        return RetireBesideLookUps(
            names.Length, 1_000, number => number % 7 == 0 ? new string(names[number].AsSpan()) : names[number]);
    }

    /// <summary>As above for keys that are found directly, half of which are in each other's way there.</summary>
    [Fact]
    public Task Retirement_BesideLookUpsOfIntegers_NeverGivesAnIdTwoKeysNorAKeyTwoIds() =>
        RetireBesideLookUps(1_500, 1_000, number => number < 750 ? number : number << 10);

    private static async Task RetireBesideLookUps<TKey>(int keyCount, int retirements, Func<int, TKey> keyOf)
        where TKey : notnull
    {
        const int Readers = 3;
        var table = new KeyTable<TKey>(keyCount + 8);
        var ring = new Claims(Readers);
        var isOver = false;
        var retired = 0;

        var retirement = OnThreads(1, _ =>
        {
            while (!Volatile.Read(ref isOver) && retired < retirements)
                Interlocked.Add(ref retired, RetireAll(table, ring, most: retirements - retired));
        });

        await OnThreads(Readers, reader =>
        {
            try
            {
                var random = new Random(reader);
                var end = Environment.TickCount64 + (long)(TimeOut / 4).TotalMilliseconds;
                for (var i = 0; Volatile.Read(ref retired) < retirements; i++)
                {
                    // On a machine with too few processors for all it is enough to have tried for a while.
                    if (i % 1024 == 0 && Environment.TickCount64 > end)
                        break;
                    var key = keyOf(random.Next(keyCount));
                    var seen = table.Seek(key);
                    ring.Open(reader);
                    var slots = table.DirectSlots;
                    if (i % 50 == 0)
                        PinAndCheck(table, key);
                    else if (i % 500 == 1)
                        LookUpManyAndCheck(table, [.. Enumerable.Range(i, 70).Select(n => keyOf(n % keyCount))]);
                    else if (DirectIds.TryCode(key, out var code) && DirectIds.Find(slots, code) is var found and >= 0)
                        LookUpAndCheck(table, key, default, found);
                    else
                        LookUpAndCheck(table, key, seen);
                    ring.Close(reader);
                }
            }
            finally
            {
                ring.Close(reader);
                Volatile.Write(ref isOver, true);
            }
        });
        await retirement;

        Assert.True(retired > 0);
        var live = Enumerable.Range(0, table.IdRange).Where(id => IsLive(table, id)).Select(table.KeyOf).ToList();
        Assert.Equal(table.Count, live.Count);
        Assert.Distinct(live);
    }

    /// <summary>Retires what nobody pins, up to a number of keys; returns how many that was.</summary>
    private static int RetireAll<TKey>(KeyTable<TKey> table, Claims ring, int most)
        where TKey : notnull
    {
        var retired = 0;
        for (var id = 0; id < table.IdRange && retired < most; id++)
        {
            if (!table.TryMarkRetiring(id))
                continue;
            ring.WaitForOlderThan(ring.Next());
            var key = table.KeyOf(id);
            if (!table.TryRetire(id, 0))
                continue;

            Assert.Equal(key, table.KeyOf(id));
            table.Release(id);
            retired++;
        }

        return retired;
    }

    private static void LookUpManyAndCheck<TKey>(KeyTable<TKey> table, TKey[] keys)
        where TKey : notnull
    {
        var ids = new int[keys.Length];
        table.InternAll(keys, ids, out _);
        for (var index = 0; index < keys.Length; index++)
            LookUpAndCheck(table, keys[index], default, ids[index]);
    }

    private static void LookUpAndCheck<TKey>(KeyTable<TKey> table, TKey key, SeenKey seen, int found = -1)
        where TKey : notnull
    {
        var kept = found >= 0 ? found : table.Keep(seen);
        var id = kept >= 0 ? kept : table.Intern(key);
        var generation = table.GenerationOf(id);
        Assert.Equal(key, table.KeyOf(id));
        Assert.Equal(id, table.Intern(key));
        Assert.Equal(generation, table.GenerationOf(id));
    }

    private static void PinAndCheck<TKey>(KeyTable<TKey> table, TKey key)
        where TKey : notnull
    {
        using var handle = table.Pin(key);
        Assert.Equal(key, table.KeyOf(handle.Id));
        Assert.False(table.TryMarkRetiring(handle.Id));
        Assert.False(table.TryRetire(handle.Id, 0));
        Assert.Equal(handle.Id, table.Intern(key));
    }

    private static bool IsLive<TKey>(KeyTable<TKey> table, int id)
        where TKey : notnull =>
        table.TryMarkRetiring(id) && table.TryGet(table.KeyOf(id), out var found) && found == id;

    /// <summary>Runs on threads of their own, and passes on the first failure.</summary>
    private static Task OnThreads(int count, Action<int> run) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(
            () => run(thread),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WaitAsync(TimeOut);

    /// <summary>A key of 32 bytes that knows when it was read half old, half new.</summary>
    private readonly struct Wide : IEquatable<Wide>
    {
        private readonly long _second;
        private readonly long _third;
        private readonly long _fourth;

        public Wide(long number) => (Number, _second, _third, _fourth) = (number, number, number, number);

        public long Number { get; }

        public bool Equals(Wide other)
        {
            Assert.True(other.IsWhole && IsWhole);
            return Number == other.Number;
        }

        public override bool Equals(object? obj) => obj is Wide other && Equals(other);

        // Few values, so that chains are long and readers stand on what is being taken out.
        public override int GetHashCode() => (int)(Number % 8);

        private bool IsWhole => Number == _second && Number == _third && Number == _fourth;
    }

    /// <summary>What the ring gives a look-up: an order of claims, and waiting for the older ones.</summary>
    private sealed class Claims
    {
        private const long None = long.MaxValue;

        private readonly long[] _open;
        private readonly Lock _order = new();
        private long _next;

        public Claims(int readers) => _open = [.. Enumerable.Repeat(None, readers)];

        public long Next()
        {
            lock (_order)
                return _next++;
        }

        public void Open(int reader)
        {
            lock (_order)
                Volatile.Write(ref _open[reader], _next++);
        }

        public void Close(int reader) => Volatile.Write(ref _open[reader], None);

        public void WaitForOlderThan(long sequence)
        {
            for (var reader = 0; reader < _open.Length; reader++)
            {
                while (Volatile.Read(ref _open[reader]) <= sequence)
                    Thread.Yield();
            }
        }
    }
}
