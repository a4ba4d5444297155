using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest.Streams;

/// <summary>
/// Keys that are made of others: the id of a combination, found by the ids of its parts. A part stays for as long as a
/// combination names it.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class CompositeKeys
{
    /// <summary>The most parts of a key.</summary>
    public const int MostParts = 4;

    private const int BitsPerPart = 32;

    private readonly Lock _gate = new();
    private readonly int[][] _uses;

    /// <param name="table">The combinations so far, each the ids of its parts in one number.</param>
    /// <param name="parts">How many parts each has, 2 to 4.</param>
    public CompositeKeys(KeyTable<UInt128> table, int parts)
    {
        Table = table;
        _uses = new int[parts][];
        Array.Fill(_uses, []);
        for (var id = 0; id < table.IdRange; id++)
        {
            if (table.TryKeyOf(id, out var composite))
                Use(composite);
        }
    }

    /// <summary>The combinations.</summary>
    public KeyTable<UInt128> Table { get; }

    /// <summary>How many parts each key has.</summary>
    public int PartCount => _uses.Length;

    /// <summary>The ids of parts as one number.</summary>
    /// <param name="ids">The ids, none below 0.</param>
    public static UInt128 Combine(ReadOnlySpan<int> ids)
    {
        var composite = UInt128.Zero;
        for (var part = ids.Length - 1; part >= 0; part--)
            composite = (composite << BitsPerPart) | (uint)ids[part];
        return composite;
    }

    /// <summary>The id of one part.</summary>
    public static int PartOf(UInt128 composite, int part) => (int)(uint)(composite >> (part * BitsPerPart));

    /// <summary>The bits of some of the parts.</summary>
    public static UInt128 MaskOf(ReadOnlySpan<int> parts)
    {
        var mask = UInt128.Zero;
        foreach (var part in parts)
            mask |= (UInt128)uint.MaxValue << (part * BitsPerPart);
        return mask;
    }

    /// <summary>
    /// The id of a combination, which is added if it is new; below 0 if no id is free. Inside the claim in which the
    /// ids of its parts were found.
    /// </summary>
    public int Intern(UInt128 composite)
    {
        var id = Find(composite);
        return id >= 0 ? id : FindOrAdd(composite);
    }

    /// <summary>As <see cref="Intern"/>; below 0 for a combination that is not found at once.</summary>
    public int Find(UInt128 composite) => Table.Keep(Table.Seek(composite));

    /// <summary>Whether a combination names the part.</summary>
    /// <param name="part">Which of the parts.</param>
    /// <param name="partId">Its id.</param>
    public bool Uses(int part, int partId)
    {
        lock (_gate)
            return partId < _uses[part].Length && _uses[part][partId] > 0;
    }

    /// <summary>Frees the id of a retired combination; its parts may be retired then.</summary>
    public void Release(int keyId)
    {
        lock (_gate)
        {
            var composite = Table.KeyOf(keyId);
            for (var part = 0; part < PartCount; part++)
                _uses[part][PartOf(composite, part)]--;
            Table.Release(keyId);
        }
    }

    private int FindOrAdd(UInt128 composite)
    {
        lock (_gate)
        {
            // Only here keys are added, so who does not find one adds it.
            if (Table.TryGet(composite, out var known))
                return known;
            var id = Table.Intern(composite);
            if (id >= 0)
                Use(composite);
            return id;
        }
    }

    private void Use(UInt128 composite)
    {
        for (var part = 0; part < PartCount; part++)
        {
            var id = PartOf(composite, part);
            if (id >= _uses[part].Length)
                Array.Resize(ref _uses[part], Math.Max(64, Math.Max(id + 1, _uses[part].Length * 2)));
            _uses[part][id]++;
        }
    }
}
