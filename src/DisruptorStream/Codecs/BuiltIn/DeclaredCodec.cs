using System.Reflection;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>The codec that a type says it has, by its <see cref="KeyCodecAttribute"/>.</summary>
internal static class DeclaredCodec
{
    /// <summary>The codec; null where there is none, with the reason.</summary>
    public static IKeyCodec? Find(Type type, out string reason)
    {
        reason = $"{type} is no type that has a codec from the start, and is not marked with [KeyCodec]; mark it";
        foreach (var attribute in type.GetCustomAttributes<KeyCodecAttribute>(inherit: false))
        {
            if (attribute.Codec is { } codec)
                return Create(type, codec, attribute, out reason);
            reason = $"{type} is marked with [KeyCodec], but no codec was generated; reference the package "
                + "DisruptorStream.Generators, or its project with OutputItemType=\"Analyzer\", in the project of the "
                + "type, and mend what it reports";
        }

        return null;
    }

    private static IKeyCodec? Create(Type type, Type codec, KeyCodecAttribute attribute, out string reason)
    {
        reason = "";
        try
        {
            if (Activator.CreateInstance(attribute.Codec!) is IKeyCodec created)
                return created;
            reason = $"{codec}, which [KeyCodec] names for {type}, does not implement IKeyCodec<{type.Name}>; "
                + "name one that does";
        }
        catch (Exception exception) when (exception is MissingMethodException or TargetInvocationException)
        {
            reason = $"{codec}, which [KeyCodec] names for {type}, cannot be created "
                + $"({(exception.InnerException ?? exception).Message}); give it a public constructor without "
                + "parameters that does not throw";
        }

        return null;
    }
}
