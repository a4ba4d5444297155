namespace DisruptorStream.Ingest.Keys;

/// <summary>The ways in which a publisher may name a key.</summary>
internal static class KeyReference
{
    public readonly struct ByKey<TKey> : IKeyReference<TKey>
        where TKey : notnull
    {
        private readonly TKey _key;

        public ByKey(TKey key) => _key = key;

        public SeenKey Seek(KeyTable<TKey> keys) => keys.Seek(_key);

        public int Keep(KeyTable<TKey> keys, SeenKey seen) =>
            seen.IsFound ? keys.Keep(seen) : keys.FindDirectly(_key);

        public int Resolve(KeyTable<TKey> keys) => keys.Intern(_key);
    }

    public readonly struct ByHandle<TKey> : IKeyReference<TKey>
        where TKey : notnull
    {
        private readonly KeyHandle _handle;

        public ByHandle(KeyHandle handle) => _handle = handle;

        public SeenKey Seek(KeyTable<TKey> keys) => default;

        public int Keep(KeyTable<TKey> keys, SeenKey seen) => _handle.IsOf(keys) ? _handle.Id : -1;

        public int Resolve(KeyTable<TKey> keys) => _handle.IdOrThrow(keys);
    }

    /// <summary>An id that is known to be pinned.</summary>
    public readonly struct ById<TKey> : IKeyReference<TKey>
        where TKey : notnull
    {
        private readonly int _id;

        public ById(int id) => _id = id;

        public SeenKey Seek(KeyTable<TKey> keys) => default;

        public int Keep(KeyTable<TKey> keys, SeenKey seen) => _id;

        public int Resolve(KeyTable<TKey> keys) => _id;
    }

    public readonly ref struct ByChars<TKey> : IKeyReference<TKey>
        where TKey : notnull
    {
        private readonly ReadOnlySpan<char> _key;

        public ByChars(ReadOnlySpan<char> key) => _key = key;

        public SeenKey Seek(KeyTable<TKey> keys) => keys.Seek(_key);

        public int Keep(KeyTable<TKey> keys, SeenKey seen) => keys.Keep(seen);

        public int Resolve(KeyTable<TKey> keys) => keys.Intern(_key);
    }

    public readonly ref struct ByUtf8<TKey> : IKeyReference<TKey>
        where TKey : notnull
    {
        private readonly ReadOnlySpan<byte> _key;

        public ByUtf8(ReadOnlySpan<byte> key) => _key = key;

        public SeenKey Seek(KeyTable<TKey> keys) => keys.Seek(_key);

        public int Keep(KeyTable<TKey> keys, SeenKey seen) => keys.Keep(seen);

        public int Resolve(KeyTable<TKey> keys) => keys.Intern(_key);
    }
}
