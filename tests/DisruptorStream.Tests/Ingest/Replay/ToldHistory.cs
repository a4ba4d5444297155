using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Tests.Ingest.Replay;

/// <summary>What a replayer makes of the records of a history.</summary>
internal sealed class ToldHistory
{
    private readonly SymbolTable[] _symbols = [new(), new()];

    public ToldHistory(int maxKeys)
    {
        Column = new KeyReplayer<string>(new KeyDirectory<string>(maxKeys), KeyCodecs.Require<string>());
        Replayer = new SideLogReplayer([Column], new SourceRegistry(), _symbols);
    }

    public SideLogReplayer Replayer { get; }

    public KeyReplayer<string> Column { get; }

    public KeyDirectory<string> Keys => Column.Keys;

    public void Load(byte[] records)
    {
        Replayer.Add(records);
        Replayer.MoveTo(0);
        Replayer.ThrowUnlessWhole();
    }

    public void Replay(List<ToldSlot> slots, bool early)
    {
        foreach (var slot in early ? slots : [])
            Replayer.Add(slot.Records);
        foreach (var slot in slots)
        {
            if (!early)
                Replayer.Add(slot.Records);
            Replayer.MoveTo(slot.Sequence);
            if (slot.Retiring >= 0)
                Assert.Equal(slot.IsRetired, Column.TryRetire(slot.Retiring, slot.Sequence));
        }

        Replayer.MoveTo(slots[^1].Sequence + 1);
        Replayer.ThrowUnlessWhole();
    }

    public void CheckSame(HistoryRun live)
    {
        var output = new ArrayBufferWriter<byte>();
        Keys.Save(output, KeyCodecs.Require<string>());
        Replayer.Sources.Save(output);
        for (var table = 0; table < _symbols.Length; table++)
            _symbols[table].Save(output, table);
        Assert.Equal(live.Save(), output.WrittenSpan.ToArray());

        var keys = new KeyTable<string>(Keys);
        for (var id = 0; id < keys.IdRange; id++)
            Assert.Equal(live.Keys.GenerationOf(id), keys.GenerationOf(id));
        for (var next = 0; next < 40; next++)
            Assert.Equal(live.Keys.Intern($"key-{next}"), keys.Intern($"key-{next}"));
        for (var next = 100; next < 110; next++)
            Assert.Equal(live.Sources.Register($"s{next}"), Replayer.Sources.Register($"s{next}"));
        for (var next = 0; next < 30; next++)
            Assert.Equal(live.Symbols[next % 2].Intern($"symbol-{next}"), _symbols[next % 2].Intern($"symbol-{next}"));
    }
}
