using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest;

/// <summary>How an event names its key: by the key itself, by a handle, or by the text of a string key.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>
/// Each of these converts by itself where an event is published: <c>Publish("a", ...)</c>,
/// <c>Publish("a"u8, ...)</c>, <c>Publish(handle, ...)</c>, <c>Publish(42, ...)</c>. It costs nothing: the call is
/// compiled for the form that is given.
/// </para>
/// <para>
/// Where the compiler does not convert (keys whose type is an interface or <see cref="object"/>), write
/// <c>new EventKey&lt;TKey&gt;(key)</c>. It lives on the stack and crosses no await: await the value of an event before
/// the call, not in its argument.
/// </para>
/// </remarks>
public readonly ref struct EventKey<TKey>
    where TKey : notnull
{
    private const int FormBits = 3;
    private const long FormMask = (1 << FormBits) - 1;

    // Four fields, no more: then the compiler keeps each in a register, or knows its value.
    private readonly TKey? _key;
    private readonly KeyHandle? _handle;
    private readonly ref readonly byte _text;
    private readonly long _formAndLength;

    /// <summary>Names a key by itself.</summary>
    /// <param name="key">The key; not null.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EventKey(TKey key)
    {
        _key = key;
        _formAndLength = (long)KeyForm.Key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EventKey(KeyHandle handle)
    {
        _handle = handle;
        _formAndLength = (long)KeyForm.Handle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EventKey(ReadOnlySpan<char> text)
    {
        _text = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text));
        _formAndLength = ((long)text.Length << FormBits) | (long)KeyForm.Chars;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EventKey(ReadOnlySpan<byte> utf8)
    {
        _text = ref MemoryMarshal.GetReference(utf8);
        _formAndLength = ((long)utf8.Length << FormBits) | (long)KeyForm.Utf8;
    }

    internal KeyForm Form => (KeyForm)(_formAndLength & FormMask);

    internal KeyReference.ByKey<TKey> ByKey => new(_key!);

    internal KeyReference.ByHandle<TKey> ByHandle => new(_handle!);

    internal KeyReference.ByChars<TKey> ByChars => new(Chars);

    internal KeyReference.ByUtf8<TKey> ByUtf8 => new(Utf8);

    /// <summary>The key that it names by itself.</summary>
    internal TKey Key => _key!;

    /// <summary>The handle that it names its key by.</summary>
    internal KeyHandle Handle => _handle!;

    private ReadOnlySpan<char> Chars => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.As<byte, char>(ref Unsafe.AsRef(in _text)), (int)(_formAndLength >> FormBits));

    private ReadOnlySpan<byte> Utf8 => MemoryMarshal.CreateReadOnlySpan(in _text, (int)(_formAndLength >> FormBits));

    /// <summary>Names a key by itself.</summary>
    /// <param name="key">The key; not null.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator EventKey<TKey>(TKey key) => new(key);

    /// <summary>Names a key that was looked up before.</summary>
    /// <param name="handle">A handle of the processor that is published to, not disposed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator EventKey<TKey>(KeyHandle handle) => new(handle);

    /// <summary>Names a string key by its characters: no string is made for a known key.</summary>
    /// <param name="text">The characters; read during the call only.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator EventKey<TKey>(ReadOnlySpan<char> text) => new(text);

    /// <summary>Names a string key by its UTF-8: no string is made for a known key.</summary>
    /// <param name="utf8">The bytes; read during the call only. What is not UTF-8 reads as U+FFFD.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator EventKey<TKey>(ReadOnlySpan<byte> utf8) => new(utf8);

    /// <exception cref="ArgumentNullException">It names nothing.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ThrowIfNull()
    {
        // Not by the guard of the framework: it takes an object, which boxes where the code is not optimized yet.
        if (Form == KeyForm.Key ? _key is null : Form == KeyForm.Handle ? _handle is null : Form == KeyForm.None)
            ThrowNull();
    }

    /// <summary>What can be kept beyond the call: a handle, or else the key.</summary>
    /// <exception cref="InvalidOperationException">It is text, and the keys are not strings.</exception>
    internal KeyHandle? Keep(out TKey? key)
    {
        key = _key;
        if (Form is KeyForm.Chars or KeyForm.Utf8)
        {
            if (typeof(TKey) != typeof(string))
                KeyErrors.ThrowNotText(typeof(TKey));
            var text = Form == KeyForm.Utf8 ? Encoding.UTF8.GetString(Utf8) : new string(Chars);
            key = (TKey)(object)text;
        }

        return _handle;
    }

    [DoesNotReturn]
    private static void ThrowNull(object? key = null) => throw new ArgumentNullException(
        nameof(key), "A key cannot be null; give events without a key a key of their own.");
}
