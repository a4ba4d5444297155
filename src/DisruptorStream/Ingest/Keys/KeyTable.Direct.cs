using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Keys.Probes;

namespace DisruptorStream.Ingest.Keys;

/// <content>Integer keys, most of which are found without a hash.</content>
internal sealed partial class KeyTable<TKey>
{
    private readonly DirectIds _direct = DirectIds.Suits<TKey>() ? new DirectIds() : DirectIds.None;
    private int _codedKeys;

    /// <summary>Where most integer keys are found: to be asked for inside the claim whose keys are looked up.</summary>
    public ulong[] DirectSlots => _direct.Slots;

    /// <summary>The id of an integer key, if it is found directly; -1 for all others. Inside a claim.</summary>
    public int FindDirectly(TKey key) =>
        DirectIds.TryCode(key, out var code) ? DirectIds.Find(_direct.Slots, code) : -1;

    /// <summary>
    /// The id of an integer key that was not found directly, and is from now on if there is room for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int InternAndFile(TKey key, uint code)
    {
        var id = Intern(new ExactProbe<TKey>(key));
        if (id >= 0)
            File(id, code);
        return id;
    }

    /// <summary>Keeps a new key where it is found directly. Under the lock.</summary>
    private void FileNew(TKey key, int id)
    {
        Texts?.Add(Unsafe.As<TKey, string>(ref key), id);
        if (!DirectIds.TryCode(key, out var code))
            return;
        _direct.Fit(++_codedKeys);
        _direct.TryAdd(code, id);
    }

    /// <summary>Keeps a key where it is found directly, if it is live and there is room. Needs no claim.</summary>
    private void File(int id, uint code)
    {
        if (!_direct.HasRoomFor(code))
            return;

        // No key is marked or retired meanwhile.
        lock (_gate)
        {
            if (EntryAt(id).TryReadLive(out var key) && DirectIds.TryCode(key, out var ofEntry) && ofEntry == code)
                _direct.TryAdd(code, id);
        }
    }
}
