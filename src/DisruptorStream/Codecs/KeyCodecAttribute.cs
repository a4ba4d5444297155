using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Codecs;

/// <summary>Gives a type of keys its codec.</summary>
/// <remarks>
/// On a partial record, or another partial type that equals by value, without an argument: the source generator of the
/// package DisruptorStream.Generators writes the codec. With an argument: the codec is one of your own.
/// Codecs are for saved state: a durable processor needs one.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class KeyCodecAttribute : Attribute
{
    /// <summary>Asks for a generated codec.</summary>
    public KeyCodecAttribute()
    {
    }

    /// <summary>Names a codec of your own.</summary>
    /// <param name="codec">
    /// A type that implements <see cref="IKeyCodec{TKey}"/> for the marked type and has a public constructor without
    /// parameters.
    /// </param>
    public KeyCodecAttribute(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type codec) =>
        Codec = codec;

    /// <summary>The type of the codec; null where the generator writes it.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type? Codec { get; }
}
