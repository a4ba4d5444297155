using System.Diagnostics;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Memory;

/// <content>Keys in a row, many at a time: what saving and loading go by.</content>
internal sealed unsafe partial class KeyedTable
{
    public int RecordBytes => _pool.RecordBytes;

    /// <summary>The highest key, or -1.</summary>
    public int LastKey => _form switch
    {
        Form.Array => _array.KeyRange - 1,
        Form.Directory => _dense.LastKey(),
        _ => _sparse.LastKey(),
    };

    /// <summary>The first key that is at least the given one, or -1, and how many there are in a row.</summary>
    public int NextRun(int fromKeyId, out int length) => _form switch
    {
        Form.Array => _array.NextRun(fromKeyId, out length),
        Form.Directory => _dense.NextRun(fromKeyId, out length),
        _ => _sparse.NextRun(fromKeyId, out length),
    };

    /// <summary>The records of keys in a row that are there, as far as they lie together.</summary>
    public byte* RecordsOf(int keyId, int most, out int count)
    {
        count = _form switch
        {
            Form.Array => most,
            Form.Directory => Math.Min(most, PagePool.RecordsPerPage - (keyId % PagePool.RecordsPerPage)),
            _ => 1,
        };
        return Find(keyId);
    }

    /// <summary>
    /// Makes keys in a row that are not there, as far as their records lie together; what those hold is the caller's to
    /// write. May move the others.
    /// </summary>
    public byte* AddRun(int keyId, int most, out int count)
    {
        if (_form == Form.Array && !_array.Awaits(keyId + most - 1))
        {
            var form = FormOf(new Population(_array.Count + most, keyId + most));
            if (form != Form.Array)
                MoveTo(form);
        }

        switch (_form)
        {
            case Form.Array:
                count = most;
                return _array.AddRun(keyId, most);
            case Form.Directory:
                return _dense.AddRun(keyId, most, out count);
            default:
                count = 1;
                return _sparse.Add(keyId);
        }
    }

    /// <summary>Clears, for records that come at once before anything runs, up to <see cref="EndLoading"/>.</summary>
    public void BeginLoading(Population expected)
    {
        _pool.IsLoading = true;
        Clear(expected);
        if (_form == Form.Hash)
            _sparse.Reserve(expected.Count);
    }

    public void EndLoading() => _pool.IsLoading = false;

    /// <summary>That the keys ascend, have records, and are as many as it says.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        var count = 0;
        var last = -1;
        for (var keyId = NextRun(0, out var length); keyId >= 0; keyId = NextRun(keyId + length, out length))
        {
            Invariant.Require(keyId > last && length > 0, "Runs ascend, with a gap between two.");
            Invariant.Require(Find(keyId) != null && Find(keyId + length - 1) != null, "The keys of a run are there.");
            count += length;
            last = keyId + length;
        }

        Invariant.Require(count == Count, "The runs hold all keys.");
        Invariant.Require(last == LastKey + 1 || count == 0, "The last run ends at the highest key.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();
}
