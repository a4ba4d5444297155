using System.Buffers;
using CsCheck;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Ingest.Replay;

public sealed class SideLogReplayerTests
{
    private static readonly Gen<(HistoryAct Act, int Argument)[]> AnyHistory =
        Gen.Select(Gen.Enum<HistoryAct>(), Gen.Int[0, 23]).Array[0, 150];

    /// <summary>
    /// From the records alone, whether they come just in time or all at once, the same ids, generations and lists of
    /// free ids; and what comes then gets the same ids too.
    /// </summary>
    [Fact]
    public void MoveTo_AnyHistory_ArrivesAtTheSameNumbers() =>
        Gen.Select(AnyHistory, Gen.Bool, Gen.Int[0, 60]).Sample(
            (history, early, attachedAt) =>
            {
                var live = new HistoryRun(maxKeys: 12);
                Run(live, history.Take(attachedAt));
                live.Attach();
                Run(live, history.Skip(attachedAt));
                var told = new ToldHistory(maxKeys: 12);
                told.Replay(live.Slots, early);
                told.CheckSame(live);
            },
            iter: 3_000);

    /// <summary>A saved directory is made of records too, and goes on as the one that was saved.</summary>
    [Fact]
    public void Add_SavedRecords_ArrivesAtTheSameNumbersAndSavesTheSameBytes() => AnyHistory.Sample(
        history =>
        {
            var live = new HistoryRun(maxKeys: 12);
            Run(live, history);
            var told = new ToldHistory(maxKeys: 12);
            told.Load(live.Save());
            told.CheckSame(live);
        },
        iter: 2_000);

    /// <summary>A part of saved records, and what a flipped bit makes of them, is refused or is harmless.</summary>
    [Fact]
    public void Add_DamagedRecords_AreRefusedOrHarmless() =>
        Gen.Select(AnyHistory, Gen.Double.Unit, Gen.Int[0, 7]).Sample(
            (history, place, bit) =>
            {
                var live = new HistoryRun(maxKeys: 12);
                Run(live, history);
                var saved = live.Save();
                if (saved.Length == 0)
                    return;
                var at = (int)(place * saved.Length);
                LoadOrRefuse(saved[..at]);
                saved[at] ^= (byte)(1 << bit);
                LoadOrRefuse(saved);
            },
            iter: 3_000);

    /// <summary>
    /// A process ended before slot 5: it had answered, and used the id again, behind slots that are lost.
    /// </summary>
    [Fact]
    public void Restart_RecordsOfLostSlots_NeverHappened()
    {
        var told = new ToldHistory(maxKeys: 2);
        told.Load([
            .. Record(IdentityKind.KeyDefined, 0, 0, 0, Body("a")),
            .. Record(IdentityKind.KeyDefined, 0, 1, 0, Body("b")),
            .. Record(IdentityKind.KeyRetired, 4, 1, 0, []),
            .. Record(IdentityKind.KeyRetired, 6, 0, 0, []),
            .. Record(IdentityKind.KeyReleased, 7, 0, 1, []),
            .. Record(IdentityKind.KeyDefined, 7, 0, 1, Body("c")),
        ]);
        Assert.Equal(7, told.Replayer.NextSequence);
        Assert.True(told.Column.HasOutcome(6));
        Assert.True(told.Column.TryRetire(1, 4));

        told.Replayer.Restart(5);

        Assert.Equal(long.MaxValue, told.Replayer.NextSequence);
        Assert.False(told.Column.HasOutcome(6));
        Assert.Equal("a", told.Keys.KeyOf(0));
        Assert.Equal((1u, true), (told.Keys.EntryOrThrow(1).Generation, told.Keys.EntryOrThrow(1).IsFree));
        told.Replayer.Add(Record(IdentityKind.KeyDefined, 5, 1, 1, Body("d")));
        Assert.Equal("d", told.Keys.KeyOf(1));
    }

    /// <summary>The records of several names of keys come in one log.</summary>
    [Fact]
    public void Attach_SeveralColumns_EachTellsItsOwn()
    {
        var log = new SideLog(new HistoryRun(1));
        KeyTable<string>[] live = [new(10), new(10)];
        live[0].Attach(log, KeyCodecs.Require<string>());
        live[1].Attach(log, KeyCodecs.Require<string>(), column: 1);
        live[0].Intern("first");
        live[1].Intern("second");
        live[1].Intern("third");
        KeyReplayer<string>[] columns =
        [
            new(new KeyDirectory<string>(10), KeyCodecs.Require<string>()),
            new(new KeyDirectory<string>(10), KeyCodecs.Require<string>()),
        ];

        new SideLogReplayer(columns, new SourceRegistry(), []).Add(log.Take());

        Assert.Equal((1, "first"), (columns[0].IdRange, columns[0].Keys.KeyOf(0)));
        Assert.Equal((2, "third"), (columns[1].IdRange, columns[1].Keys.KeyOf(1)));
    }

    [Fact]
    public void TryRetire_NoRecord_KeepsTheKey()
    {
        var told = new ToldHistory(maxKeys: 2);
        told.Load(Record(IdentityKind.KeyDefined, 0, 0, 0, Body("a")));
        Assert.False(told.Column.TryRetire(0, 5, isHeld: false));
        Assert.Equal("a", told.Keys.KeyOf(0));
    }

    [Fact]
    public void TryRetire_RecordDoesNotFit_IsRefused()
    {
        var told = new ToldHistory(maxKeys: 3);
        told.Load([
            .. Record(IdentityKind.KeyDefined, 0, 0, 0, Body("a")),
            .. Record(IdentityKind.KeyDefined, 0, 1, 0, Body("b")),
            .. Record(IdentityKind.KeyRetired, 5, 0, 0),
            .. Record(IdentityKind.KeyRetired, 6, 1, 0),
        ]);
        var other = Assert.Throws<StateException>(() => told.Column.TryRetire(1, 5, isHeld: false));
        Assert.Contains("slot 5 retires the key with id 1, and its record is of id 0", other.Message);
        var held = Assert.Throws<StateException>(() => told.Column.TryRetire(1, 6, isHeld: true));
        Assert.Contains("there is state for it", held.Message);
    }

    /// <summary>A record that comes early waits: slots before its own mean the old key.</summary>
    [Fact]
    public void MoveTo_IdThatIsUsedAgain_KeepsItsOldKeyUntilItsSlot()
    {
        var told = new ToldHistory(maxKeys: 1);
        told.Replayer.Add([
            .. Record(IdentityKind.KeyDefined, 0, 0, 0, Body("old")),
            .. Record(IdentityKind.KeyRetired, 5, 0, 0),
            .. Record(IdentityKind.KeyReleased, 6, 0, 1),
            .. Record(IdentityKind.KeyDefined, 6, 0, 1, Body("new")),
        ]);
        told.Replayer.MoveTo(5);
        Assert.False(told.Replayer.FreesIds(5));
        Assert.Equal("old", told.Keys.KeyOf(0));
        Assert.True(told.Column.TryRetire(0, 5, isHeld: false));
        Assert.Equal("old", told.Keys.KeyOf(0));
        Assert.True(told.Replayer.FreesIds(6));
        told.Replayer.MoveTo(6);
        Assert.Equal(("new", 1u), (told.Keys.KeyOf(0), told.Keys.EntryOrThrow(0).Generation));
    }

    private static void Run(HistoryRun live, IEnumerable<(HistoryAct Act, int Argument)> history)
    {
        foreach (var (act, argument) in history)
            live.Step(act, argument);
    }

    private static void LoadOrRefuse(byte[] records)
    {
        try
        {
            var told = new ToldHistory(maxKeys: 12);
            told.Load(records);
            _ = new KeyTable<string>(told.Keys);
        }
        catch (StateException exception)
        {
            Assert.Contains("restore them from a copy", exception.Message);
        }
    }

    private static byte[] Body(string key)
    {
        var body = new ArrayBufferWriter<byte>();
        KeyCodecs.Require<string>().Write(key, body);
        return body.WrittenSpan.ToArray();
    }

    private static byte[] Record(
        IdentityKind kind, long sequence, int number, uint generation, ReadOnlySpan<byte> body = default)
    {
        var output = new ArrayBufferWriter<byte>();
        var record = new IdentityRecord
        {
            Kind = kind,
            Sequence = sequence,
            Number = number,
            Generation = generation,
            Body = body,
        };
        record.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
