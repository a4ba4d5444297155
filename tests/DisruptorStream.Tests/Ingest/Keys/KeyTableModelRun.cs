using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

/// <summary>A key table beside a plain model of it: a dictionary, a list of slots and a stack of free ids.</summary>
internal sealed class KeyTableModelRun<TKey>
    where TKey : notnull
{
    private readonly int _maxKeys;
    private readonly Func<int, TKey> _keyOf;
    private readonly KeyTable<TKey> _table;
    private readonly Dictionary<TKey, int> _ids = [];
    private readonly List<ModelSlot> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly List<KeyHandle> _handles = [];

    public KeyTableModelRun(int maxKeys, Func<int, TKey> keyOf)
    {
        _maxKeys = maxKeys;
        _keyOf = keyOf;
        _table = new KeyTable<TKey>(maxKeys);
    }

    private enum Phase
    {
        Live,
        Retiring,
        Dead,
    }

    public void Step(KeyTableAct act, int argument)
    {
        var key = _keyOf(argument);
        var id = _slots.Count == 0 ? -1 : argument % _slots.Count;
        if (act is KeyTableAct.Intern or KeyTableAct.TryGet or KeyTableAct.Pin)
            LookUp(act, key);
        else if (act == KeyTableAct.Unpin)
            Unpin(argument);
        else if (id >= 0)
            Retire(act, id);
        Assert.Equal((_ids.Count, _slots.Count), (_table.Count, _table.IdRange));
    }

    public void CheckKeys()
    {
        for (var id = 0; id < _slots.Count; id++)
        {
            Assert.Equal(_slots[id].Generation, _table.GenerationOf(id));
            if (_slots[id].IsTaken)
                Assert.Equal(_slots[id].Key, _table.KeyOf(id));
            else
                Assert.Throws<InvalidOperationException>(() => _table.KeyOf(id));
        }
    }

    private void LookUp(KeyTableAct act, TKey key)
    {
        var expected = Find(key, isAdding: act != KeyTableAct.TryGet);
        if (act == KeyTableAct.Intern)
        {
            Assert.Equal(expected, _table.Intern(key));
        }
        else if (act == KeyTableAct.TryGet)
        {
            Assert.Equal((expected >= 0, expected), (_table.TryGet(key, out var actual), actual));
        }
        else if (expected >= 0)
        {
            _handles.Add(_table.Pin(key));
            Assert.Equal(expected, _handles[^1].Id);
            _slots[expected] = _slots[expected] with { Pins = _slots[expected].Pins + 1 };
        }
    }

    private void Unpin(int argument)
    {
        if (_handles.Count == 0)
            return;
        var handle = _handles[argument % _handles.Count];
        if (!handle.IsDisposed)
            _slots[handle.Id] = _slots[handle.Id] with { Pins = _slots[handle.Id].Pins - 1 };
        handle.Dispose();
    }

    private void Retire(KeyTableAct act, int id)
    {
        if (act == KeyTableAct.Mark)
        {
            var isMarked = Is(id, Phase.Live) && _slots[id].Pins == 0;
            Assert.Equal(isMarked, _table.TryMarkRetiring(id));
            if (isMarked)
                _slots[id] = _slots[id] with { Phase = Phase.Retiring };
        }
        else if (act == KeyTableAct.Retire)
        {
            var isRetired = Is(id, Phase.Retiring);
            Assert.Equal(isRetired, _table.TryRetire(id, 0));
            if (!isRetired)
                return;
            _ids.Remove(_slots[id].Key);
            _slots[id] = _slots[id] with { Phase = Phase.Dead };
        }
        else if (Is(id, Phase.Dead))
        {
            _table.Release(id);
            _slots[id] = new ModelSlot { Generation = _slots[id].Generation + 1 };
            _free.Push(id);
        }
    }

    /// <summary>The model's answer to a look-up; it makes ids as the table is meant to, released ones first.</summary>
    private int Find(TKey key, bool isAdding)
    {
        if (_ids.TryGetValue(key, out var id))
        {
            _slots[id] = _slots[id] with { Phase = Phase.Live };
            return id;
        }

        if (!isAdding || (_free.Count == 0 && _slots.Count == _maxKeys))
            return KeyTable<TKey>.Full;
        if (!_free.TryPop(out id))
        {
            id = _slots.Count;
            _slots.Add(default);
        }

        _slots[id] = _slots[id] with { Key = key, IsTaken = true, Phase = Phase.Live, Pins = 0 };
        _ids.Add(key, id);
        return id;
    }

    private bool Is(int id, Phase phase) => _slots[id].IsTaken && _slots[id].Phase == phase;

    private readonly record struct ModelSlot(TKey Key, bool IsTaken, Phase Phase, int Pins, uint Generation);
}
