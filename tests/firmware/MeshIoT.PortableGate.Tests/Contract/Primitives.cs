// Signatures of the part of nanoFramework's 1.x class library that portable code may see. Written by hand from its public surface;
// nothing here runs. What is missing is missing on purpose: the compiler then says so.
namespace System
{
    public class Object
    {
        public Object() { }
        public virtual string ToString() => throw null;
        public virtual bool Equals(object obj) => throw null;
        public static bool ReferenceEquals(object a, object b) => throw null;
        public virtual int GetHashCode() => throw null;
        ~Object() { }
    }

    public abstract class ValueType { }
    public abstract class Enum : ValueType { }
    public struct Void { }
    public struct IntPtr { }
    public struct UIntPtr { }
    public struct RuntimeTypeHandle { }
    public struct RuntimeFieldHandle { }
    public class Type { }
    public struct Boolean { }
    public struct Char { }
    public struct SByte { }
    public struct Single { }
    public struct Double { }

    public struct Byte
    {
        public const byte MaxValue = 255;
        public override string ToString() => throw null;
        public string ToString(string format) => throw null;
    }

    public struct Int16 { public const short MaxValue = 0x7FFF; }
    public struct UInt16 { public const ushort MaxValue = 0xFFFF; public override string ToString() => throw null; }

    public struct Int32
    {
        public const int MaxValue = 0x7FFFFFFF;
        public const int MinValue = -0x7FFFFFFF - 1;
        public override string ToString() => throw null;
        public string ToString(string format) => throw null;
        public static int Parse(string s) => throw null;
        public static bool TryParse(string s, out int result) => throw null;
    }

    public struct UInt32
    {
        public const uint MaxValue = 0xFFFFFFFF;
        public override string ToString() => throw null;
        public string ToString(string format) => throw null;
    }

    public struct Int64
    {
        public const long MaxValue = 0x7FFFFFFFFFFFFFFF;
        public const long MinValue = -0x7FFFFFFFFFFFFFFF - 1;
        public override string ToString() => throw null;
        public string ToString(string format) => throw null;
    }

    public struct UInt64
    {
        public const ulong MaxValue = 0xFFFFFFFFFFFFFFFF;
        public override string ToString() => throw null;
        public string ToString(string format) => throw null;
    }

    public sealed class String
    {
        public static readonly string Empty;
        public String(char[] value) { }
        public String(char[] value, int start, int length) { }
        public int Length => throw null;
        [System.Runtime.CompilerServices.IndexerName("Chars")]
        public char this[int index] => throw null;
        public static bool operator ==(string a, string b) => throw null;
        public static bool operator !=(string a, string b) => throw null;
        public override bool Equals(object obj) => throw null;
        public override int GetHashCode() => throw null;
        public static bool Equals(string a, string b) => throw null;
        public static bool IsNullOrEmpty(string value) => throw null;
        public int IndexOf(char value) => throw null;
        public int IndexOf(char value, int start) => throw null;
        public string Substring(int start) => throw null;
        public string Substring(int start, int length) => throw null;
        public string[] Split(params char[] separator) => throw null;
        public string Trim() => throw null;
        public char[] ToCharArray() => throw null;
        public string ToLower() => throw null;
        public string ToUpper() => throw null;
        public static string Concat(object a, object b) => throw null;
        public static string Concat(object a, object b, object c) => throw null;
        public static string Concat(string a, string b) => throw null;
        public static string Concat(string a, string b, string c) => throw null;
        public static string Concat(string a, string b, string c, string d) => throw null;
        public static string Concat(params string[] values) => throw null;
        public static string Format(string format, params object[] args) => throw null;
    }

    public abstract class Array : Collections.IEnumerable
    {
        public int Length => throw null;
        public static void Copy(Array from, Array to, int length) => throw null;
        public static void Copy(Array from, int fromIndex, Array to, int toIndex, int length) => throw null;
        public static void Clear(Array array, int index, int length) => throw null;
        public static int IndexOf(Array array, object value) => throw null;
        public Collections.IEnumerator GetEnumerator() => throw null;
    }

    public abstract class Delegate { }
    public abstract class MulticastDelegate : Delegate { }
    public interface IDisposable { void Dispose(); }
    public interface IAsyncResult { }
    public delegate void AsyncCallback(IAsyncResult result);

    public abstract class Attribute { }
    public enum AttributeTargets { All = 0x7FFF }
    public sealed class AttributeUsageAttribute : Attribute
    {
        public AttributeUsageAttribute(AttributeTargets validOn) { }
        public bool AllowMultiple { get; set; }
        public bool Inherited { get; set; }
    }

    public sealed class ParamArrayAttribute : Attribute { }
    public sealed class FlagsAttribute : Attribute { }
    public sealed class ObsoleteAttribute : Attribute { }
}

namespace System.Reflection
{
    public sealed class DefaultMemberAttribute : Attribute { public DefaultMemberAttribute(string name) { } }
}

namespace System.Runtime.CompilerServices
{
    public sealed class IndexerNameAttribute : Attribute { public IndexerNameAttribute(string name) { } }
    public sealed class CompilerGeneratedAttribute : Attribute { }
    public sealed class ExtensionAttribute : Attribute { }
    public static class RuntimeHelpers { public static void InitializeArray(Array array, RuntimeFieldHandle handle) => throw null; }
}
