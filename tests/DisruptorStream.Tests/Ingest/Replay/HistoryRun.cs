using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Tests.Ingest.Replay;

/// <summary>A live table of keys, sources and symbols, and the slots and records that its history gives.</summary>
internal sealed class HistoryRun : ISideLogReader
{
    private readonly SideLog _log;
    private readonly List<KeyHandle> _handles = [];
    private int _leaving = -1;
    private readonly List<int> _sources = [];
    private bool _isAttached;
    private long _sequence;

    public HistoryRun(int maxKeys)
    {
        _log = new SideLog(this);
        Keys = new KeyTable<string>(maxKeys);
    }

    public KeyTable<string> Keys { get; }

    public SourceRegistry Sources { get; } = new();

    public SymbolTable[] Symbols { get; } = [new(), new()];

    /// <summary>The slots from the attachment on, each with the records that were added before it.</summary>
    public List<ToldSlot> Slots { get; } = [];

    public void Attach()
    {
        Keys.Attach(_log, KeyCodecs.Require<string>());
        Sources.Attach(_log);
        for (var table = 0; table < Symbols.Length; table++)
            Symbols[table].Attach(_log, table);
        _isAttached = true;
        Publish();
    }

    public void MakeRoom() => Assert.Fail("The log is large enough.");

    public byte[] Save()
    {
        var output = new ArrayBufferWriter<byte>();
        Keys.Save(output, KeyCodecs.Require<string>());
        Sources.Save(output);
        for (var table = 0; table < Symbols.Length; table++)
            Symbols[table].Save(output, table);
        return output.WrittenSpan.ToArray();
    }

    public void Step(HistoryAct act, int argument)
    {
        var id = Keys.IdRange == 0 ? -1 : argument % Keys.IdRange;
        if (act is HistoryAct.Intern or HistoryAct.InternMore)
            Keys.Intern($"key-{argument}");
        else if (act == HistoryAct.Pin)
            Pin($"key-{argument}");
        else if (act == HistoryAct.Unpin && _handles.Count > 0)
            _handles[argument % _handles.Count].Dispose();
        else if (act is HistoryAct.AddSource or HistoryAct.RemoveSource)
            ChangeSource(act, argument);
        else if (act == HistoryAct.AddSymbol)
            Symbols[argument % 2].Intern($"symbol-{argument}");
        else if (id >= 0)
            Retire(act, id);
        Publish();
    }

    private void Pin(string key)
    {
        try
        {
            _handles.Add(Keys.Pin(key));
        }
        catch (InvalidOperationException)
        {
            // All ids are taken.
        }
    }

    private void Retire(HistoryAct act, int id)
    {
        if (act == HistoryAct.Mark)
        {
            Keys.TryMarkRetiring(id);
        }
        else if (act is HistoryAct.Retire or HistoryAct.RetireHeld)
        {
            var isRetired = Keys.TryRetire(id, _sequence, isHeld: act == HistoryAct.RetireHeld);
            Publish(id, isRetired);
        }
        else if (act == HistoryAct.Release)
        {
            try
            {
                Keys.Release(id);
            }
            catch (InvalidOperationException)
            {
                // It was not retired.
            }
        }
    }

    private void ChangeSource(HistoryAct act, int argument)
    {
        var index = argument % Math.Max(1, _sources.Count);
        if (act == HistoryAct.RemoveSource && _sources.Count > 0)
        {
            // Its last slot may come later: the number stays taken until then.
            Sources.ReleaseName(_sources[index]);
            if (_leaving >= 0)
                Sources.ReleaseNumber(_leaving, _sequence++);
            _leaving = _sources[index];
            _sources.RemoveAt(index);
        }
        else if (act == HistoryAct.AddSource && !_sources.Exists(source => Sources.NameOf(source) == $"s{argument}"))
        {
            _sources.Add(Sources.Register($"s{argument}"));
        }
    }

    private void Publish(int retiring = -1, bool isRetired = false)
    {
        if (_isAttached)
            Slots.Add(new ToldSlot(_sequence, _log.Take().ToArray(), retiring, isRetired));
        _sequence++;
    }
}
