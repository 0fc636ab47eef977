namespace Refused.AsyncMethod;

class A { static async System.Threading.Tasks.Task F() { } }
