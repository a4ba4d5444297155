using System.Buffers;
using System.Diagnostics;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Ingest.Replay;

/// <summary>
/// Several publishers look keys up inside their claims, a shard retires keys and uses their ids again, and a reader of
/// slots and records, which is now ahead of the shard and now far behind, finds for each slot the key that it means.
/// </summary>
public sealed class SideLogOrderTests : ISideLogReader
{
    private const int Publishers = 3;
    private const int SlotsPerPublisher = 40_000;
    private const int Keys = 400;
    private const int NewestKeys = 2_000;

    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(5);

    private readonly RingBuffer<EventSlot> _ring = NewRing();
    private readonly SymbolTable _symbols = new();
    private readonly SymbolTable _told = new();
    private readonly Sequence _handled = new();
    private readonly Sequence _read = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _publishing = Publishers;
    private int _newest = -1;
    private int _failed;

    [Fact]
    public Task MoveTo_BesidePublishersAndRetirement_KnowsTheKeyOfEachSlot() =>
        RunAsync(number => $"key-{number}");

    /// <summary>As above for keys that are found by their value, outside of the table.</summary>
    [Fact]
    public Task MoveTo_BesidePublishersOfIntegers_KnowsTheKeyOfEachSlot() => RunAsync(number => number);

    /// <summary>
    /// One thread pins keys, outside of any claim, which the others publish slots with as soon as they find them.
    /// </summary>
    [Fact]
    public async Task MoveTo_KeysThatOthersFindAtOnce_KnowsTheKeyOfEachSlot()
    {
        _ring.Sequencer.AddGatingSequences(_read);
        _handled.SetRelease(long.MaxValue);
        _publishing = 2;
        var (keys, log) = NewTable<string>(NewestKeys);
        await Task.WhenAll(
                OnThread(() => PinNewest(keys)),
                OnThread(() => PublishNewest(keys)),
                OnThread(() => PublishNewest(keys)),
                OnThread(() => Read<string>(log, number => $"key-{number}", NewestKeys, lags: false)))
            .WaitAsync(TimeOut, TestContext.Current.CancellationToken);
        _ring.Dispose();
        Assert.Equal(NewestKeys, keys.Count);
    }

    void ISideLogReader.MakeRoom()
    {
        // The reader takes what there is again and again, whether slots are published or not.
        Thread.Yield();
    }

    private static RingBuffer<EventSlot> NewRing()
    {
        var wait = WaitStrategy.Create(WaitStrategyKind.Yielding, new ProcessorBudget(2), busyThreads: 5);
        return new RingBuffer<EventSlot>(new MultiProducerSequencer(1024, wait, wait, new RingFault()));
    }

    private async Task RunAsync<TKey>(Func<int, TKey> keyOf)
        where TKey : notnull
    {
        _ring.Sequencer.AddGatingSequences(_handled, _read);
        var (keys, log) = NewTable<TKey>(Keys / 2);
        var retired = 0;
        await Task.WhenAll(
            [
                OnThread(() => retired = Handle(keys)),
                OnThread(() => Read(log, keyOf, Keys / 2, lags: true)),
                .. Enumerable.Range(0, Publishers).Select(
                    publisher => OnThread(() => Publish(keys, keyOf, new Random(publisher)))),
            ])
            .WaitAsync(TimeOut, TestContext.Current.CancellationToken);
        _ring.Dispose();
        Assert.True(retired > 100, $"Only {retired} keys were retired.");
    }

    private (KeyTable<TKey> Keys, SideLog Log) NewTable<TKey>(int maxKeys)
        where TKey : notnull
    {
        var keys = new KeyTable<TKey>(maxKeys);
        var log = new SideLog(this);
        keys.Attach(log, new SlowCodec<TKey>());
        _symbols.Attach(log, 0);
        return (keys, log);
    }

    private void PinNewest(KeyTable<string> keys)
    {
        for (var number = 0; number < NewestKeys && !IsOver; number++)
        {
            Volatile.Write(ref _newest, number);
            keys.Pin($"key-{number}").Dispose();
        }
    }

    private void PublishNewest(KeyTable<string> keys)
    {
        for (var number = -1; number < NewestKeys - 1 && !IsOver;)
        {
            // Whatever is found before the claim is published at once; the rest waits for its lock inside the claim.
            number = Volatile.Read(ref _newest);
            if (number < 0 || !_ring.Sequencer.TryClaim(1, out var range))
            {
                Thread.Yield();
                continue;
            }

            _ring[range.First] = new EventSlot
            {
                KeyId = keys.Intern($"key-{number}"),
                TimestampTicks = number,
                Measure = _symbols.Intern($"symbol-{number}"),
            };
            _ring.Sequencer.Publish(range);
        }

        Interlocked.Decrement(ref _publishing);
    }

    private void Publish<TKey>(KeyTable<TKey> keys, Func<int, TKey> keyOf, Random random)
        where TKey : notnull
    {
        for (var published = 0; published < SlotsPerPublisher && !IsOver;)
        {
            // A pin adds a key outside of any claim: others may publish slots with it at once.
            using var pinned = random.Next(20) == 0 ? TryPin(keys, keyOf(AnyNumber(published, random))) : null;
            if (!_ring.Sequencer.TryClaim(random.Next(1, 5), out var range))
            {
                Thread.Yield();
                continue;
            }

            for (var sequence = range.First; sequence <= range.Last; sequence++)
            {
                var number = AnyNumber(published, random);
                var id = keys.Intern(keyOf(number));
                _ring[sequence] = new EventSlot
                {
                    Kind = id < 0 ? SlotKind.Void : SlotKind.Event,
                    KeyId = id,
                    TimestampTicks = number,
                    Measure = _symbols.Intern($"symbol-{published / 20}"),
                };
                published++;
            }

            _ring.Sequencer.Publish(range);
        }

        Interlocked.Decrement(ref _publishing);
    }

    // Keys come in turns, so that those of the last turn are idle.
    private static int AnyNumber(int published, Random random) =>
        ((published / 2_000 * 37 % Keys) + random.Next(80)) % Keys;

    private static KeyHandle? TryPin<TKey>(KeyTable<TKey> keys, TKey key)
        where TKey : notnull
    {
        try
        {
            return keys.Pin(key);
        }
        catch (InvalidOperationException)
        {
            // All ids are taken.
            return null;
        }
    }

    /// <summary>The shard: retires what it can, and uses each id again at once.</summary>
    private int Handle<TKey>(KeyTable<TKey> keys)
        where TKey : notnull
    {
        var retired = 0;
        var candidate = 0;
        var underWay = 0;
        var barrier = _ring.Sequencer.NewBarrier();
        for (var next = 0L; !IsOver && (underWay > 0 || !IsDone(next));)
        {
            var last = barrier.Available(next);
            for (; next <= last; next++)
            {
                var slot = _ring[next];
                if (slot.Kind != SlotKind.KeyRetiring)
                    continue;
                underWay--;
                if (!keys.TryRetire(slot.KeyId, next))
                    continue;
                keys.Release(slot.KeyId);
                retired++;
            }

            _handled.SetRelease(next - 1);
            for (var offer = underWay == 0 ? 0 : keys.IdRange; offer < keys.IdRange && !IsDone(next); offer += 8)
            {
                // Never the same one twice, also while there come more: a key has one mark at a time.
                candidate = candidate + 1 < keys.IdRange ? candidate + 1 : 0;
                underWay += Offer(keys, candidate);
            }

            Thread.Yield();
        }

        return retired;
    }

    private int Offer<TKey>(KeyTable<TKey> keys, int id)
        where TKey : notnull
    {
        // The mark comes before the claim, as the rule of retirement wants it. One that finds no room for its slot is
        // taken back.
        if (!keys.TryMarkRetiring(id))
            return 0;
        if (!_ring.Sequencer.TryClaim(1, out var range))
        {
            keys.Intern(keys.KeyOf(id));
            return 0;
        }

        _ring[range.First] = new EventSlot { Kind = SlotKind.KeyRetiring, KeyId = id };
        _ring.Sequencer.Publish(range);
        return 1;
    }

    private void Read<TKey>(SideLog log, Func<int, TKey> keyOf, int maxKeys, bool lags)
        where TKey : notnull
    {
        var keys = new KeyReplayer<TKey>(new KeyDirectory<TKey>(maxKeys), new SlowCodec<TKey>());
        var replayer = new SideLogReplayer([keys], new SourceRegistry(), [_told]);
        var random = new Random(7);
        var barrier = _ring.Sequencer.NewBarrier();
        for (var next = 0L; !IsDone(next);)
        {
            // Half of the time the shard gets as far ahead as it can.
            var last = barrier.Available(next);
            if (last < next || (lags && random.Next(2) == 0 && last < next + 500 && Volatile.Read(ref _publishing) > 0))
            {
                Thread.Yield();
                continue;
            }

            replayer.Add(log.Take());
            for (; next <= last; next++)
                Read(keys, replayer, log, next, keyOf);
            _read.SetRelease(next - 1);
        }
    }

    private void Read<TKey>(
        KeyReplayer<TKey> keys, SideLogReplayer replayer, SideLog log, long sequence, Func<int, TKey> keyOf)
        where TKey : notnull
    {
        var slot = _ring[sequence];
        replayer.MoveTo(sequence);
        if (slot.Kind == SlotKind.Event)
        {
            Assert.Equal(keyOf((int)slot.TimestampTicks), keys.Keys.KeyOf(slot.KeyId));
            Assert.Equal(_symbols.TextOf(slot.Measure), _told.TextOf(slot.Measure));
            return;
        }

        if (slot.Kind != SlotKind.KeyRetiring)
            return;
        while (_handled.Value < sequence && !IsOver)
            Thread.Yield();
        replayer.Add(log.Take());
        keys.TryRetire(slot.KeyId, sequence);
    }

    private bool IsOver => Volatile.Read(ref _failed) != 0 || Stopwatch.GetElapsedTime(_start) > TimeOut;

    private bool IsDone(long next) =>
        IsOver || (Volatile.Read(ref _publishing) == 0 && next > _ring.Sequencer.LastClaimed);

    /// <summary>Takes its time, in which other threads would use a key that is not told yet.</summary>
    private sealed class SlowCodec<TKey> : IKeyCodec<TKey>
        where TKey : notnull
    {
        private readonly IKeyCodec<TKey> _codec = KeyCodecs.Require<TKey>();

        public string Name => _codec.Name;

        public void Write(TKey key, IBufferWriter<byte> output)
        {
            _codec.Write(key, output);
            for (var turn = 0; turn < 10; turn++)
                Thread.Yield();
        }

        public TKey Read(ReadOnlySpan<byte> source, out int bytesRead) => _codec.Read(source, out bytesRead);
    }

    private Task OnThread(Action run) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                run();
            }
            catch
            {
                Volatile.Write(ref _failed, 1);
                throw;
            }
        },
        TestContext.Current.CancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
