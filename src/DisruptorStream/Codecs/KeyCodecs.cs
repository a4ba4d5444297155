using DisruptorStream.Codecs.BuiltIn;

namespace DisruptorStream.Codecs;

/// <summary>Finds the codecs of types of keys.</summary>
/// <remarks>
/// Any thread. The first call for a type finds its codec, by reflection over what is kept when code is trimmed or
/// compiled ahead of time; further calls cost nothing.
/// </remarks>
public static class KeyCodecs
{
    /// <summary>The codec of a type of keys; null for a type without one.</summary>
    /// <typeparam name="TKey">
    /// With a codec from the start: string, all integers, char, bool, float, double, decimal, Guid, DateTime,
    /// DateTimeOffset, DateOnly, TimeOnly, TimeSpan, enums, and tuples (ValueTuple) of all these and of types with a
    /// codec. Others say by <see cref="KeyCodecAttribute"/> which one they have.
    /// </typeparam>
    public static IKeyCodec<TKey>? Find<TKey>()
        where TKey : notnull => Found<TKey>.Codec;

    /// <summary>As <see cref="Find{TKey}"/>, where there must be one.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <exception cref="NotSupportedException">There is none; the message says why, and what to do.</exception>
    public static IKeyCodec<TKey> Require<TKey>()
        where TKey : notnull => Found<TKey>.Codec ?? throw new NotSupportedException(
        $"Keys of type {typeof(TKey)} cannot be saved, for they have no codec: {Found<TKey>.Reason}, or pass "
        + "a codec of your own to WithKeyCodec of the builder.");

    private static class Found<TKey>
        where TKey : notnull
    {
        public static readonly IKeyCodec<TKey>? Codec = Search(out Reason);

        public static readonly string Reason;

        private static IKeyCodec<TKey>? Search(out string reason)
        {
            reason = "";
            if (BuiltInCodecs.Find(typeof(TKey)) is { } builtIn)
                return (IKeyCodec<TKey>)builtIn;
            if (EnumNumbers.IsEnum<TKey>())
                return new EnumCodec<TKey>();
            if (TupleParts.IsTuple(typeof(TKey)))
                return TupleParts.Find(typeof(TKey), out reason) is { } parts ? new TupleCodec<TKey>(parts) : null;
            if (DeclaredCodec.Find(typeof(TKey), out reason) is not { } declared)
                return null;
            if (declared is IKeyCodec<TKey> codec)
                return codec;
            reason = $"{declared.GetType()}, which [KeyCodec] names for {typeof(TKey)}, does not implement "
                + $"IKeyCodec<{typeof(TKey).Name}>; name one that does";
            return null;
        }
    }
}
